/**
 * Finds the signed bytes and the signature in a request body, and wraps and signs our answers. The grammar is exact
 * and matched on bytes; nothing is re-serialised before verification. What a signature is worth is decided elsewhere.
 * Rules: security design §2.2, SIG-1 to SIG-4; what clients really send: protocol description §2.4 and §2.5.
 */
import { isUtf8 } from 'node:buffer';
import type { Generation } from '../parties/profile.rules';
import { readSignatureText } from '../platform/crypto/signature';
import {
  envelopeMalformed,
  parseElement,
  readName,
  skipBlank,
  type XmlElement,
  type XmlLimits,
} from './xml';

interface Candidate {
  readonly kind: 'element' | 'between';
  readonly bytes: Buffer;
}

/**
 * `candidates` are the bytes a client may have signed: the element, and, where blanks stand around it, all bytes
 * between `<Gepg>` and the signature tag. Both hold the same single element.
 * `signature` is undefined when its tag is missing or empty or holds anything but base64.
 */
export interface Envelope {
  readonly name: string;
  readonly generation: Generation;
  readonly candidates: readonly [Candidate, ...Candidate[]];
  readonly signature: Buffer | undefined;
}

export interface SignedMessage extends Envelope {
  /** Parsed from the element. */
  readonly root: XmlElement;
}

const byteOrderMark = '\xef\xbb\xbf';
/** Longer than any declaration in the field (56 bytes). */
const maxDeclarationLength = 128;
/** Any encoding may be named: one client says utf-16 and sends UTF-8. */
const declaration =
  /^<\?xml +version *= *(["'])1\.0\1(?: +encoding *= *(["'])[A-Za-z][\w.-]*\2)?(?: +standalone *= *(["'])(?:yes|no)\3)? *\?>$/;
const signatureTag = /<(gepgSignature|signature)(?:>([^<]*)<\/\1>|[\t\n\r ]*\/>)/y;
const envelopeNames: readonly string[] = ['Gepg', 'gepgSignature', 'signature'];

/**
 * The generation follows from the name: those of v4 begin with `gepg`. The signature tag of either is accepted with
 * either. Refuses gepg.envelope-malformed; a missing or unreadable signature is not refused here (the answer is 7303).
 */
export function openEnvelope(body: Buffer, limits: XmlLimits): SignedMessage {
  const envelope = findSigned(body);
  return { ...envelope, root: parseElement(envelope.candidates[0].bytes, limits) };
}

/** As `openEnvelope`, without reading the element: enough to verify again what was taken in once. */
export function findSigned(body: Buffer): Envelope {
  if (!isUtf8(body)) throw envelopeMalformed('the body is not UTF-8');
  // One character per byte: indexes are byte offsets and nothing is transcoded.
  const text = body.toString('latin1');
  if (text.includes('\0')) throw envelopeMalformed('a NUL character');
  if (text.includes(byteOrderMark, 1)) throw envelopeMalformed('a byte order mark inside');

  const inside = expect(text, skipBlank(text, skipDeclaration(text)), '<Gepg>');
  const start = skipBlank(text, inside);
  const name = readName(text, expect(text, start, '<'));
  if (envelopeNames.includes(name)) throw envelopeMalformed('no message in the envelope');
  const contentStart = expect(text, start, `<${name}>`);
  const endTag = `</${name}>`;
  const end = text.indexOf(endTag, contentStart) + endTag.length;
  if (end < contentStart) throw envelopeMalformed('the message has no end tag');
  if (hasTag(text.slice(contentStart, end), name)) throw envelopeMalformed('the message twice');

  const afterElement = skipBlank(text, end);
  signatureTag.lastIndex = afterElement;
  const found = signatureTag.exec(text);
  const afterSignature = found === null ? end : afterElement + found[0].length;
  const afterEnvelope = expect(text, skipBlank(text, afterSignature), '</Gepg>');
  if (skipBlank(text, afterEnvelope) !== text.length) {
    throw envelopeMalformed('something after the envelope');
  }

  const element = body.subarray(start, end);
  const between = body.subarray(inside, afterElement);
  const candidates: Envelope['candidates'] = [
    { kind: 'element', bytes: element },
    ...(between.length > element.length ? [{ kind: 'between' as const, bytes: between }] : []),
  ];
  return {
    name,
    generation: name.startsWith('gepg') ? 'v4' : 'v5',
    candidates,
    signature: readSignatureText(found?.[2] ?? ''),
  };
}

/** The whole body to send: no byte between the tags, signature on one line. `element` goes out exactly as signed. */
export function wrapSigned(element: Buffer, signature: Buffer, generation: Generation): Buffer {
  const tag = generation === 'v4' ? 'gepgSignature' : 'signature';
  const tail = `<${tag}>${signature.toString('base64')}</${tag}></Gepg>`;
  return Buffer.concat([Buffer.from('<Gepg>'), element, Buffer.from(tail)]);
}

/** The index after an optional byte order mark and an optional XML declaration. */
function skipDeclaration(text: string): number {
  const start = text.startsWith(byteOrderMark) ? byteOrderMark.length : 0;
  if (!text.startsWith('<?', start)) return start;
  const end = text.slice(start, start + maxDeclarationLength).indexOf('?>') + 2;
  const written = text.slice(start, start + end).replace(/[\t\n\r]/g, ' ');
  if (!declaration.test(written)) {
    throw envelopeMalformed('not a known XML declaration');
  }
  return start + end;
}

function expect(text: string, at: number, token: string): number {
  if (!text.startsWith(token, at)) throw envelopeMalformed(`no ${token} where it must stand`);
  return at + token.length;
}

/** Whether a start tag of that name is inside: in text without comments and CDATA, every `<name` is one. */
function hasTag(text: string, name: string): boolean {
  const token = `<${name}`;
  for (let at = text.indexOf(token); at >= 0; at = text.indexOf(token, at + 1)) {
    if (readName(text, at + 1) === name) return true;
  }
  return false;
}
