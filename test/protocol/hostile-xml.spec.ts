/**
 * A genuine signed message beside a forged one, hidden in every way XML offers and at every place of the body. Clients
 * that cut text between tags accept many of these; the gateway must refuse each, or read exactly what was signed.
 * Source: security design §2.2, the measured tricks of signature wrapping.
 */
import { generateKeyPairSync } from 'node:crypto';
import { Refusal } from '../../src/kernel/refusal';
import { openEnvelope, wrapSigned } from '../../src/gepg/envelope';
import { checkShape } from '../../src/gepg/shape';
import { gepgBillSubReq } from '../../src/gepg/v4/messages';
import { parseElement } from '../../src/gepg/xml';
import { isSignedBy, signBytes } from '../../src/platform/crypto/signature';

const limits = { maxElements: 2000, maxDepth: 16 };
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const name = 'gepgPmtPstReq';
const payment = (amount: string): string =>
  `<${name}><PymtTrxInf><TrxId>T1</TrxId><PaidAmt>${amount}</PaidAmt></PymtTrxInf></${name}>`;
const genuine = payment('100.00');
const forged = payment('999999.00');
const sign = (element: string | Buffer): Buffer =>
  signBytes(Buffer.from(element), privateKey, 'sha256');
const signature = `<gepgSignature>${sign(genuine).toString('base64')}</gepgSignature>`;

/** What the gateway would do: refuse the envelope, refuse the signature, or go on with this amount. */
function verdict(body: string | Buffer): string {
  try {
    const message = openEnvelope(Buffer.from(body), limits);
    const { signature: given, candidates, root } = message;
    const isSigned = candidates.some(
      ({ bytes }) => given && isSignedBy(bytes, given, publicKey, 'sha256'),
    );
    return isSigned ? (root.children[0]?.children[1]?.text ?? 'no amount') : 'unsigned';
  } catch (error) {
    if (error instanceof Refusal && error.code === 'gepg.envelope-malformed') return 'malformed';
    throw error;
  }
}

/** The copied client sample: verifies the text between the first start tag and the first end tag, reads the last. */
function naiveAmount(body: string): string | undefined {
  const cut = body.slice(body.indexOf(`<${name}>`), body.indexOf(`</${name}>`) + name.length + 3);
  const given = /<gepgSignature>([A-Za-z0-9+/=]+)<\/gepgSignature>/.exec(body)?.[1] ?? '';
  if (!isSignedBy(Buffer.from(cut), Buffer.from(given, 'base64'), publicKey, 'sha256'))
    return undefined;
  return [...body.matchAll(/<PaidAmt>([^<]*)</g)].at(-1)?.[1];
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const tricks: [string, (element: string) => string][] = [
  ['a comment', (element) => `<!--${element}-->`],
  ['CDATA', (element) => `<![CDATA[${element}]]>`],
  ['an instruction', (element) => `<?x ${element}?>`],
  ['an attribute', (element) => `<x a='${element}'></x>`],
  ['an unknown element', (element) => `<x>${element}</x>`],
  ['an unknown element, spaced', (element) => `<x >${element}</x >`],
  ['a second element', (element) => element],
  ['escaped text', (element) => `<x>${escape(element)}</x>`],
  [
    'text by numbers',
    (element) => `<x>${element.replaceAll('<', '&#60;').replaceAll('>', '&#x3e;')}</x>`,
  ],
  ['an entity', (element) => `<!DOCTYPE Gepg [<!ENTITY e '${element}'>]>&e;`],
  ['a document type comment', (element) => `<!DOCTYPE Gepg [<!--${element}-->]>`],
  ['a whole envelope', (element) => `<Gepg>${element}${signature}</Gepg>`],
  ['a spaced start tag', (element) => element.replace('>', ' >')],
  ['a spaced end tag', (element) => element.replace(/>$/, '\n>')],
  ['a start tag with an attribute', (element) => element.replace('>', ' a="">')],
  ['a namespace', (element) => `<n:x xmlns:n="urn:x">${element}</n:x>`],
  ['a signature tag', (element) => `<gepgSignature>${element}</gepgSignature>`],
  ['a byte order mark', (element) => `\ufeff${element}`],
  ['a NUL', (element) => `\0${element}\0`],
];

/** Where the hidden element is put, around or inside the visible one. */
const positions: [string, (visible: string, hidden: string) => string][] = [
  ['before the envelope', (visible, hidden) => `${hidden}<Gepg>${visible}${signature}</Gepg>`],
  ['first in the envelope', (visible, hidden) => `<Gepg>${hidden}${visible}${signature}</Gepg>`],
  [
    'first in the message',
    (visible, hidden) => `<Gepg>${visible.replace('>', `>${hidden}`)}${signature}</Gepg>`,
  ],
  ['in a leaf', (visible, hidden) => `<Gepg>${visible.replace('T1', hidden)}${signature}</Gepg>`],
  [
    'last in the message',
    (visible, hidden) => `<Gepg>${visible.replace(/<\/\w+>$/, `${hidden}$&`)}${signature}</Gepg>`,
  ],
  ['before the signature', (visible, hidden) => `<Gepg>${visible}${hidden}${signature}</Gepg>`],
  [
    'in the signature',
    (visible, hidden) => `<Gepg>${visible}${signature.replace('</', `${hidden}</`)}</Gepg>`,
  ],
  ['after the signature', (visible, hidden) => `<Gepg>${visible}${signature}${hidden}</Gepg>`],
  ['after the envelope', (visible, hidden) => `<Gepg>${visible}${signature}</Gepg>${hidden}`],
];

const bodies = tricks.flatMap(([trick, hide]) =>
  positions.flatMap(([position, put]): [string, string][] => [
    [`genuine in ${trick}, ${position}`, put(forged, hide(genuine))],
    [`forged in ${trick}, ${position}`, put(genuine, hide(forged))],
  ]),
);

describe('a hidden element makes the body worthless', () => {
  it.each(bodies)('%s', (_case, body) => {
    expect(['malformed', 'unsigned']).toContain(verdict(body));
  });

  it('although a reader that cuts text would take the forged amount from many of them', () => {
    expect(bodies.filter(([, body]) => naiveAmount(body) === '999999.00').length).toBeGreaterThan(
      50,
    );
  });
});

describe('spelling that changes nothing signed is read as signed', () => {
  it.each([
    ['plain', `<Gepg>${genuine}${signature}</Gepg>`],
    ['line breaks', `\n<Gepg>\n${genuine}\r\n${signature}\n</Gepg>\n`],
    [
      'a byte order mark and a false encoding',
      `\ufeff<?xml version="1.0" encoding="utf-16"?><Gepg>${genuine}${signature}</Gepg>`,
    ],
    [
      'the signature tag of v5',
      `<Gepg>${genuine}${signature.replaceAll('gepgSignature', 'signature')}</Gepg>`,
    ],
    [
      'blanks signed too',
      `<Gepg>\n${genuine}\n<signature>${sign(`\n${genuine}\n`).toString('base64')}</signature></Gepg>`,
    ],
  ])('%s', (_case, body) => {
    expect(verdict(body)).toBe('100.00');
  });
});

describe('a signature counts only in its one spelling', () => {
  const base64 = sign(genuine).toString('base64');
  it.each([
    ['none', '', 'unsigned'],
    ['empty', '<gepgSignature></gepgSignature>', 'unsigned'],
    ['self-closed', '<gepgSignature/>', 'unsigned'],
    [
      'with a blank',
      `<gepgSignature>${base64.replace(/^.{8}/, '$& ')}</gepgSignature>`,
      'unsigned',
    ],
    ['with junk', `<gepgSignature>${base64.replace(/^.{8}/, '$&*')}</gepgSignature>`, 'unsigned'],
    ['without padding', `<gepgSignature>${base64.replaceAll('=', '')}</gepgSignature>`, 'unsigned'],
    [
      'with a reference',
      `<gepgSignature>&#${String(base64.charCodeAt(0))};${base64.slice(1)}</gepgSignature>`,
      'unsigned',
    ],
    [
      'with more after the padding',
      `<gepgSignature>${base64}${base64}</gepgSignature>`,
      'unsigned',
    ],
    [
      'one byte longer',
      `<gepgSignature>${Buffer.concat([Buffer.alloc(1), sign(genuine)]).toString('base64')}</gepgSignature>`,
      'unsigned',
    ],
    [
      'of the forged element beside the genuine',
      `<gepgSignature>${sign(forged).toString('base64')}</gepgSignature>`,
      'unsigned',
    ],
    ['with a comment', signature.replace('</', '<!-- --></'), 'malformed'],
    ['twice', signature + signature, 'malformed'],
    ['in other case', signature.replaceAll('gepgSignature', 'GepgSignature'), 'malformed'],
  ])('%s', (_case, written, expected) => {
    expect(verdict(`<Gepg>${genuine}${written}</Gepg>`)).toBe(expected);
  });
});

/** Signed by an enrolled party: the signature is no excuse for what follows. */
const wrapped = (element: string | Buffer): Buffer =>
  wrapSigned(Buffer.from(element), sign(element), 'v4');
const within = (content: string): Buffer => wrapped(`<${name}>${content}</${name}>`);
const bytes = (...list: number[]): string => Buffer.from(list).toString('latin1');

describe('properly signed, and still refused', () => {
  it.each<[string, () => Buffer]>([
    ['nesting of 100,000', () => within('<a>'.repeat(100_000) + '</a>'.repeat(100_000))],
    ['nesting of 17', () => within('<a>'.repeat(16) + '</a>'.repeat(16))],
    ['100,000 elements', () => within('<a></a>'.repeat(100_000))],
    ['100,000 empty elements', () => within('<a/>'.repeat(100_000))],
    ['100,000 start tags', () => within('<a>'.repeat(100_000))],
    ['a leaf of 4,097 bytes', () => within(`<a>${'x'.repeat(4097)}</a>`)],
    ['a leaf of 2 MB', () => within(`<a>${'x'.repeat(2_000_000)}</a>`)],
    ['a leaf of 1 MB in references', () => within(`<a>${'&amp;'.repeat(200_000)}</a>`)],
    ['1 MB of open references', () => within(`<a>${'&'.repeat(1_000_000)}</a>`)],
    ['a name of 1 MB', () => within(`<${'a'.repeat(1_000_000)}/>`)],
    [
      '1 MB of blanks without an end',
      () => Buffer.from(`<Gepg>${genuine}${' '.repeat(1_000_000)}`),
    ],
    [
      '1 MB of blanks in the declaration',
      () => Buffer.from(`<?xml version="1.0"${' '.repeat(1_000_000)}`),
    ],
    [
      '1 MB of blanks in the signature tag',
      () => Buffer.from(`<Gepg>${genuine}<signature${' '.repeat(1_000_000)}</Gepg>`),
    ],
    ['1 MB of blanks in a tag', () => within(`<a${' '.repeat(1_000_000)}`)],
    ['1 MB of <', () => within('<'.repeat(1_000_000))],
    ['100,000 names that begin as the message', () => within(`<${name}x/>`.repeat(100_000))],
    [
      'entities in entities',
      () =>
        Buffer.from(
          `<!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><Gepg>${genuine}${signature}</Gepg>`,
        ),
    ],
    ['an entity of our own', () => within('<a>&lol;</a>')],
    ['an external entity', () => within('<a><!ENTITY e SYSTEM "file:///etc/passwd">&e;</a>')],
    ['CDATA between digits', () => within('<PaidAmt>1<![CDATA[00]]>0</PaidAmt>')],
    ['a comment between digits', () => within('<PaidAmt>1<!-- 0 -->0</PaidAmt>')],
    ['an instruction between digits', () => within('<PaidAmt>1<?x?>0</PaidAmt>')],
    ['an element between digits', () => within('<PaidAmt>1<x/>0</PaidAmt>')],
    ['a NUL between digits', () => within('<PaidAmt>1\x000</PaidAmt>')],
    ['a NUL by number', () => within('<PaidAmt>1&#0;0</PaidAmt>')],
    ['an escape character', () => within('<a>\x1b[2J</a>')],
    ['a byte order mark between digits', () => within('<PaidAmt>1\ufeff0</PaidAmt>')],
    ['U+FFFE', () => within('<a>\ufffe</a>')],
    [
      'an overlong <',
      () => wrapped(Buffer.from(`<${name}><a>${bytes(0xc0, 0xbc)}</a></${name}>`, 'latin1')),
    ],
    [
      'an overlong NUL',
      () => wrapped(Buffer.from(`<${name}><a>${bytes(0xc0, 0x80)}</a></${name}>`, 'latin1')),
    ],
    [
      'half a surrogate pair',
      () => wrapped(Buffer.from(`<${name}><a>${bytes(0xed, 0xa0, 0xbd)}</a></${name}>`, 'latin1')),
    ],
    [
      'a cut character',
      () => wrapped(Buffer.from(`<${name}><a>${bytes(0xe2, 0x82)}</a></${name}>`, 'latin1')),
    ],
    ['Latin-1', () => wrapped(Buffer.from(`<${name}><a>\xd6</a></${name}>`, 'latin1'))],
    ['utf-16, little end first', () => wrapped(Buffer.from(genuine, 'utf16le'))],
    [
      'utf-16, big end first',
      () => Buffer.from(`\ufeff<Gepg>${genuine}</Gepg>`, 'utf16le').swap16(),
    ],
    ['utf-7', () => wrapped(genuine.replaceAll('<', '+ADw-'))],
    ['the message in itself', () => within(genuine)],
  ])('%s', (_case, build) => {
    const body = build();
    expect(verdict(body)).toBe('malformed');
  });
});

it('names of prototypes are names: flagged as unknown, without effect', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];
  const content = names.map((one) => `<${one}><isAdmin>1</isAdmin></${one}>`).join('');
  const root = parseElement(Buffer.from(`<gepgBillSubReq>${content}</gepgBillSubReq>`), limits);

  expect(checkShape(root, gepgBillSubReq).unknownElements).toEqual(names);
  expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
  expect(JSON.stringify(root)).toContain('"__proto__"');
});
