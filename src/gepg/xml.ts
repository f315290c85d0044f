/**
 * The only XML the gateway reads and writes: elements and text, nothing else. The reader works on bytes whose
 * signature covers exactly them; what other XML parsers disagree about (comments, CDATA, entities, attributes) is
 * refused, not interpreted. Outgoing XML is built by xml2js. Rules: security design §2.2, SIG-1 to SIG-5 and SIG-15.
 */
import { isUtf8 } from 'node:buffer';
import { Builder } from 'xml2js';
import { Refusal } from '../kernel/refusal';
import { v4MessageNames } from './v4/messages';
import { v5MessageNames } from './v5/messages';

/** `text` is decoded and belongs to leaves: a branch has ''. Children keep their order. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Both include the outermost element. */
export interface XmlLimits {
  readonly maxElements: number;
  readonly maxDepth: number;
}

/** What to write: a string is a leaf, an object a branch, an array repeats its element. Keys keep their order. */
export interface XmlTree {
  readonly [name: string]: string | XmlTree | readonly (string | XmlTree)[];
}

/** Far above the longest name of the protocol (20). */
const maxNameLength = 64;
const maxLeafBytes = 4096;

const lt = 0x3c;
const gt = 0x3e;
const slash = 0x2f;

/** Not a character of XML 1.0, or a byte order mark: legal XML, but inside a message only ever a trick. */
const illegalCharacter = /[^\t\n\r\x20-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const illegalInValidUtf8 = /[\0-\x08\v\f\x0e-\x1f\uFEFF\uFFFE\uFFFF]/;
const elementName = /[A-Za-z_][A-Za-z0-9_.-]*/y;
const numericReference = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/;
const namedReferences = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const noChildren: readonly XmlElement[] = Object.freeze([]);

/** What every file of the envelope refuses with. `detail` is for the log; the wire answers 7242. */
export function envelopeMalformed(detail: string): Refusal {
  return new Refusal('gepg.envelope-malformed', detail);
}

/** The first index from `at` on that is not a blank of XML. */
export function skipBlank(text: string, at: number): number {
  let end = at;
  for (;;) {
    const code = text.charCodeAt(end);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return end;
    end++;
  }
}

/**
 * Reads one element that fills `bytes` from the first to the last. ASCII names without colon; end tags may hold
 * blanks before `>`; leaves up to 4,096 bytes, decoded. Refuses everything else: gepg.envelope-malformed.
 */
export function parseElement(bytes: Buffer, limits: XmlLimits): XmlElement {
  if (!isUtf8(bytes)) throw envelopeMalformed('the element is not UTF-8');
  const text = bytes.toString('utf8');
  if (illegalInValidUtf8.test(text)) throw envelopeMalformed('a character XML does not allow');
  if (text.includes(']]>')) throw envelopeMalformed('a CDATA end');
  if (text.charCodeAt(0) !== lt) throw envelopeMalformed('no element at the first byte');

  const open: { readonly name: string; readonly children: XmlElement[] }[] = [];
  let elementCount = 0;
  let at = 0;
  for (;;) {
    const tag = text.indexOf('<', at);
    if (tag < 0) throw envelopeMalformed('an element without end tag');
    let closed: XmlElement;
    if (text.charCodeAt(tag + 1) === slash) {
      const element = open.pop();
      if (element === undefined || !text.startsWith(element.name, tag + 2)) {
        throw envelopeMalformed('an end tag that ends another element');
      }
      const { name, children } = element;
      const isLeaf = children.length === 0;
      if (!isLeaf) requireBlank(text, at, tag);
      const written = isLeaf ? text.slice(at, tag) : '';
      at = endOfTag(text, skipBlank(text, tag + 2 + name.length));
      closed = { name, text: decodeText(written), children: isLeaf ? noChildren : children };
    } else {
      requireBlank(text, at, tag);
      if (++elementCount > limits.maxElements) throw envelopeMalformed('too many elements');
      if (open.length >= limits.maxDepth) throw envelopeMalformed('elements nested too deep');
      const name = readName(text, tag + 1);
      const end = skipBlank(text, tag + 1 + name.length);
      if (text.charCodeAt(end) !== slash) {
        open.push({ name, children: [] });
        at = endOfTag(text, end);
        continue;
      }
      at = endOfTag(text, end + 1);
      closed = { name, text: '', children: noChildren };
    }
    const parent = open.at(-1);
    if (parent !== undefined) parent.children.push(closed);
    else if (at === text.length) return closed;
    else throw envelopeMalformed('something after the element');
  }
}

/** The name of the tag that begins at `at`, the index after its `<`. */
export function readName(text: string, at: number): string {
  elementName.lastIndex = at;
  const name = elementName.exec(text)?.[0];
  if (name === undefined) throw envelopeMalformed('a tag that is not an element');
  if (name.length > maxNameLength) throw envelopeMalformed('an element name that is too long');
  return name;
}

function endOfTag(text: string, at: number): number {
  if (text.charCodeAt(at) !== gt) throw envelopeMalformed('a tag with more than a name');
  return at + 1;
}

function requireBlank(text: string, from: number, to: number): void {
  if (skipBlank(text, from) < to) throw envelopeMalformed('text beside elements');
}

/** Line ends become one line feed, as XML 1.0 §2.11 has it; then references are replaced, once. */
function decodeText(written: string): string {
  let text = written.includes('\r') ? written.replace(/\r\n?/g, '\n') : written;
  if (text.includes('&')) text = text.replace(/&([^;]*)(;?)/g, decodeReference);
  // No UTF-16 unit takes more than three bytes, so short texts need no count.
  if (text.length * 3 > maxLeafBytes && Buffer.byteLength(text) > maxLeafBytes) {
    throw envelopeMalformed('a text longer than 4,096 bytes');
  }
  return text;
}

function decodeReference(_written: string, reference: string, end: string): string {
  const named = namedReferences.get(reference);
  const [, hexadecimal, decimal] = numericReference.exec(reference) ?? [];
  const code = hexadecimal === undefined ? parseInt(decimal ?? '', 10) : parseInt(hexadecimal, 16);
  const character = named ?? (code <= 0x10ffff ? String.fromCodePoint(code) : '');
  if (end === '' || character === '' || removeIllegal(character) === '') {
    throw envelopeMalformed('a reference that is not one of the five names or a legal character');
  }
  return character;
}

/** Nearly every text is printable ASCII, and one test of it costs a tenth of a replacement that finds nothing. */
const printableAscii = /^[\x20-\x7e]*$/;

function removeIllegal(text: string): string {
  return printableAscii.test(text) ? text : text.replace(illegalCharacter, '');
}

/**
 * Puts a hyphen after the first four letters of every message and signature name inside `text`, of both generations:
 * `gepgSignature` becomes `gepg-Signature`. Clients cut our messages at the first and last occurrence of those names.
 * No name has a hyphen, so the result holds none, and it stays readable.
 */
export function neutralise(text: string): string {
  return wordBeginning.test(text) ? text.replace(protocolWord, '$&-') : text;
}

const protocolNames = [...v4MessageNames, ...v5MessageNames];
const wordBeginning = new RegExp(
  [...new Set(protocolNames.map((name) => name.slice(0, 3)))].join('|'),
);
const protocolWord = new RegExp(
  protocolNames.map((name) => `${name.slice(0, 4)}(?=${name.slice(4)})`).join('|'),
  'g',
);

/** No `<X/>`: several clients look for `<X>` and `</X>` literally. The types of xml2js do not know `allowEmpty`. */
const renderOpts = { pretty: false, allowEmpty: true };

/**
 * One line of UTF-8 without declaration. Texts are escaped, lose characters XML cannot carry (and byte order marks),
 * and are neutralised. Names are ours; a name that is not plain letters and digits is a fault and throws.
 */
export function writeElement(name: string, tree: XmlTree): Buffer {
  const builder = new Builder({ rootName: name, headless: true, renderOpts });
  return Buffer.from(builder.buildObject(cleanTree(tree)), 'utf8');
}

function cleanTree(tree: XmlTree): XmlTree {
  const clean: Record<string, XmlTree[string]> = {};
  for (const [name, value] of Object.entries(tree)) {
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) throw new TypeError(`not an element name: ${name}`);
    clean[name] = isList(value) ? value.map(cleanValue) : cleanValue(value);
  }
  return clean;
}

function cleanValue(value: string | XmlTree): string | XmlTree {
  return typeof value === 'string' ? neutralise(removeIllegal(value)) : cleanTree(value);
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(value: XmlTree[string]): value is readonly (string | XmlTree)[] {
  return Array.isArray(value);
}
