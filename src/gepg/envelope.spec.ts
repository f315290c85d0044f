/** The envelope grammar, case by case, and the recorded requests of real integrations where they are at hand. */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSignedBy } from '../platform/crypto/signature';
import { openEnvelope, wrapSigned } from './envelope';
import { checkShape } from './shape';
import { v4Shapes } from './v4/messages';
import { v5Shapes } from './v5/messages';

const limits = { maxElements: 100, maxDepth: 16 };
const open = (body: string | Buffer) => openEnvelope(Buffer.from(body), limits);
const element = '<gepgBillQryReq><BillReqId>Q1</BillReqId></gepgBillQryReq>';
const tag = '<gepgSignature>QUJD</gepgSignature>';
const plain = `<Gepg>${element}${tag}</Gepg>`;

describe('opens', () => {
  it.each([
    ['the plain form', plain],
    ['blanks everywhere they may stand', `\n <Gepg>\r\n${element}\t\n${tag} \n</Gepg> \n`],
    ['a byte order mark first', `\ufeff${plain}`],
    ['a declaration', `<?xml version="1.0"?>${plain}`],
    [
      'a declaration as Java writes it',
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${plain}`,
    ],
    ['a declaration that says utf-16', `\ufeff<?xml version='1.0' encoding='utf-16' ?>\n${plain}`],
    [
      'a declaration with line breaks',
      `<?xml\n\tversion = "1.0"\r\nencoding="x-any_1.0"?>${plain}`,
    ],
    ['the other signature tag', `<Gepg>${element}<signature>QUJD</signature></Gepg>`],
    [
      'a signature on two lines',
      `<Gepg>${element}<gepgSignature>\nQU\r\nJD\n</gepgSignature></Gepg>`,
    ],
  ])('%s', (_case, body) => {
    const message = open(body);

    expect(message.name).toBe('gepgBillQryReq');
    expect(message.generation).toBe('v4');
    expect(message.candidates[0]).toEqual({ kind: 'element', bytes: Buffer.from(element) });
    expect(message.signature).toEqual(Buffer.from('ABC'));
    expect(message.root.children).toEqual([{ name: 'BillReqId', text: 'Q1', children: [] }]);
  });
});

it.each([
  ['no blanks', plain, undefined],
  ['blanks before', `<Gepg>\n${element}${tag}</Gepg>`, `\n${element}`],
  ['blanks after', `<Gepg>${element} \r\n${tag}</Gepg>`, `${element} \r\n`],
  ['blanks on both sides', `<Gepg>\n${element}\t${tag}\n</Gepg>`, `\n${element}\t`],
])('offers the bytes between the tags where they differ: %s', (_case, body, between) => {
  const [, second, ...more] = open(body).candidates;
  expect(more).toEqual([]);
  expect(second?.bytes.toString()).toBe(between);
  expect(second?.kind).toBe(between === undefined ? undefined : 'between');
});

it('keeps the offsets right behind characters of several bytes', () => {
  const wide = '<billCanclReq><CanclReasn>Özil € 😀</CanclReasn></billCanclReq>';
  const message = open(`\ufeff<Gepg>\n${wide}\n<signature>QUJD</signature></Gepg>`);
  expect(message.generation).toBe('v5');
  expect(message.candidates.map(({ bytes }) => bytes.toString())).toEqual([wide, `\n${wide}\n`]);
});

it.each([
  ['no signature tag', ''],
  ['an empty tag', '<gepgSignature></gepgSignature>'],
  ['a self-closed tag', '<gepgSignature/>'],
  ['a self-closed tag with a blank', '<signature />'],
  ['a placeholder', '<gepgSignature>not signed</gepgSignature>'],
  ['blanks in the signature', '<gepgSignature>QU JD</gepgSignature>'],
])('leaves the signature undefined for %s', (_case, signature) => {
  const message = open(`<Gepg>${element}\n${signature}</Gepg>`);
  expect(message.signature).toBeUndefined();
  expect(message.root.name).toBe('gepgBillQryReq');
});

describe('refuses', () => {
  it.each([
    ['nothing', ''],
    ['blanks', ' \n'],
    ['text', 'TrxStsCode=7101'],
    ['the element alone', element],
    ['no message', `<Gepg>${tag}</Gepg>`],
    ['an empty envelope', '<Gepg></Gepg>'],
    ['no end of the envelope', `<Gepg>${element}${tag}`],
    ['a cut end of the envelope', `<Gepg>${element}${tag}</Gepg`],
    ['a message without end', `<Gepg><gepgBillQryReq>${tag}</Gepg>`],
    ['a message with a blank in its start tag', plain.replace('Req>', 'Req >')],
    [
      'a message with a blank in its end tag',
      plain.replace('</gepgBillQryReq>', '</gepgBillQryReq >'),
    ],
    ['a self-closed message', `<Gepg><gepgBillQryReq/>${tag}</Gepg>`],
    ['an envelope in other case', plain.replaceAll('Gepg>', 'GEPG>')],
    ['an envelope with an attribute', plain.replace('<Gepg>', '<Gepg a="">')],
    ['an envelope with a blank', plain.replace('<Gepg>', '<Gepg >')],
    ['an envelope in an envelope', `<Gepg>${plain}${tag}</Gepg>`],
    ['two messages', `<Gepg>${element}${element}${tag}</Gepg>`],
    ['a message in itself', `<Gepg>${element.replace('Q1', element)}${tag}</Gepg>`],
    [
      'an empty message in itself',
      `<Gepg>${element.replace('Q1', '<gepgBillQryReq/>')}${tag}</Gepg>`,
    ],
    [
      'a message in itself, spaced',
      `<Gepg>${element.replace('Q1', '<gepgBillQryReq ></gepgBillQryReq >')}${tag}</Gepg>`,
    ],
    ['two signatures', `<Gepg>${element}${tag}${tag}</Gepg>`],
    ['a signature of each kind', `<Gepg>${element}${tag}<signature>QUJD</signature></Gepg>`],
    ['a signature first', `<Gepg>${tag}${element}</Gepg>`],
    [
      'a signature closed by the other tag',
      `<Gepg>${element}<gepgSignature>QUJD</signature></Gepg>`,
    ],
    ['a signature with an attribute', plain.replace('<gepgSignature>', '<gepgSignature a="">')],
    ['an element in the signature', plain.replace('QUJD', 'QU<b/>JD')],
    ['text before the message', plain.replace('<Gepg>', '<Gepg>x')],
    ['text before the signature', plain.replace('<gepgS', 'x<gepgS')],
    ['text after the signature', plain.replace('</Gepg>', 'x</Gepg>')],
    ['text after the envelope', `${plain}x`],
    ['a second envelope', plain + plain],
    ['a comment before', `<!-- -->${plain}`],
    ['a comment after', `${plain}<!-- -->`],
    ['a comment inside', plain.replace('<Gepg>', '<Gepg><!-- -->')],
    ['a document type', `<!DOCTYPE Gepg>${plain}`],
    ['an instruction', `<?x?>${plain}`],
    ['two declarations', `<?xml version="1.0"?><?xml version="1.0"?>${plain}`],
    ['a blank before the declaration', ` <?xml version="1.0"?>${plain}`],
    ['a declaration of 1.1', `<?xml version="1.1"?>${plain}`],
    ['a declaration without version', `<?xml encoding="UTF-8"?>${plain}`],
    [
      'a declaration in the wrong order',
      `<?xml version="1.0" standalone="yes" encoding="UTF-8"?>${plain}`,
    ],
    ['a declaration with mixed quotes', `<?xml version="1.0'?>${plain}`],
    ['a declaration with a form feed', `<?xml\fversion="1.0"?>${plain}`],
    ['a declaration of 129 bytes', `<?xml version="1.0"${' '.repeat(108)}?>${plain}`],
    ['a declaration without end', `<?xml version="1.0"${plain}`],
    ['a byte order mark second', `\ufeff\ufeff${plain}`],
    ['a byte order mark at the end', `${plain}\ufeff`],
    ['a NUL at the end', `${plain}\0`],
    ['a NUL in the signature', plain.replace('QUJD', 'QU\0JD')],
    ['a byte order mark in the signature', plain.replace('QUJD', 'QU\ufeffJD')],
    ['a signature that is not UTF-8', Buffer.from(plain.replace('QUJD', 'QU\xd6JD'), 'latin1')],
    ['a form feed as a blank', plain.replace('<Gepg>', '<Gepg>\f')],
    ['a no-break space as a blank', plain.replace('<Gepg>', '<Gepg>\u00a0')],
    ['bytes that are not UTF-8', Buffer.from(plain.replace('Q1', '\xd6'), 'latin1')],
    ['utf-16', Buffer.from(`\ufeff${plain}`, 'utf16le')],
  ])('%s', (_case, body) => {
    expect(() => open(body)).toThrow('gepg.envelope-malformed');
  });
});

it('accepts a declaration of 128 bytes', () => {
  expect(open(`<?xml version="1.0"${' '.repeat(107)}?>${plain}`).name).toBe('gepgBillQryReq');
});

it.each([
  ['v4', '<Gepg><X></X><gepgSignature>QUJD</gepgSignature></Gepg>'],
  ['v5', '<Gepg><X></X><signature>QUJD</signature></Gepg>'],
] as const)('wraps a %s answer without a byte between the tags', (generation, body) => {
  const wrapped = wrapSigned(Buffer.from('<X></X>'), Buffer.from('ABC'), generation);
  expect(wrapped.toString()).toBe(body);
  expect(open(wrapped).signature).toEqual(Buffer.from('ABC'));
});

const samples = join(__dirname, '../../../shared/samples');
const recorded = [
  'trab-01',
  'trab-02',
  'trab-03',
  'node-bridge-01',
  'node-bridge-02',
  'node-bridge-03',
  'node-bridge-04',
  'django-et-01',
  'django-et-03',
];
const withSamples = existsSync(samples) ? describe : describe.skip;

withSamples(
  'recorded requests (skipped: the folder of samples is not beside the repository)',
  () => {
    it.each(recorded)('%s opens, has its shape and verifies', (name) => {
      const file = readFileSync(join(samples, `${name}.http`));
      const body = file.subarray(file.indexOf('\n\n') + 2);
      const key = new X509Certificate(readFileSync(join(samples, 'signer-cert.pem'))).publicKey;

      const message = openEnvelope(body, limits);
      const shape = [...v4Shapes, ...v5Shapes].find((one) => one.name === message.name);

      expect(shape && checkShape(message.root, shape)).toEqual({ unknownElements: [] });
      expect(message.generation).toBe(name.startsWith('django') ? 'v5' : 'v4');
      const digest = message.generation === 'v4' ? 'sha1' : 'sha256';
      const signature = message.signature ?? Buffer.alloc(0);
      expect(
        message.candidates.map(({ bytes }) => isSignedBy(bytes, signature, key, digest))[0],
      ).toBe(true);
    });
  },
);
