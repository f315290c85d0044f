/** Repair: what a client that forgot to escape meant, and nothing that a forger could mean instead. */
import fc from 'fast-check';
import { openEnvelope } from './envelope';
import { repair } from './repair';
import { gepgBillSubReq } from './v4/messages';

const limits = { maxElements: 100, maxDepth: 16 };
const body = (name: string): Buffer =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Gepg><gepgBillSubReq><BillTrxInf><PyrName>${name}</PyrName>` +
      '<BillAmt>100.00</BillAmt></BillTrxInf></gepgBillSubReq><gepgSignature>QUJD</gepgSignature></Gepg>',
  );
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

it.each([
  ['an ampersand', 'Asha & Sons'],
  ['a comparison', 'a < b > c'],
  ['what looks like a reference', 'R&amp;D'],
  ['an unknown tag', 'x <payment> y'],
  ['beyond ASCII', 'Özil & Söhne'],
])('escapes %s once', (_case, name) => {
  const repaired = repair(body(name), gepgBillSubReq);

  expect(repaired).toEqual(body(escaped(name)));
  expect(openEnvelope(repaired, limits).root.children[0]?.children[0]?.text).toBe(name);
});

it('leaves what is well-formed and without escapes as it is, blanks in tags included', () => {
  const plain = Buffer.from(body('Asha').toString().replace('</PyrName>', '</PyrName >'));
  expect(repair(plain, gepgBillSubReq)).toEqual(plain);
});

it('gives a known tag inside a text back as a tag: the signer wrote it escaped, so no signature fits', () => {
  const name = 'x</PyrName><BillAmt>1.00';
  expect(repair(body(name), gepgBillSubReq)).not.toEqual(body(escaped(name)));
});

/** Whatever the text, the repaired bytes are the signer's own or they differ from them: there is no third thing. */
it('equals the signed form exactly when no known tag is in the text', () => {
  const known =
    /<\/?(?:Gepg|gepgSignature|signature|gepgBillSubReq|BillTrxInf|PyrName|BillAmt)[\t\n\r ]*\/?>/;
  const piece = fc.constantFrom(
    '&',
    '<',
    '>',
    '</PyrName>',
    '<BillAmt>',
    '&lt;',
    ']]>',
    'a',
    ' ',
    '<!--',
    '?>',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const name = pieces.join('');
      expect(repair(body(name), gepgBillSubReq).equals(body(escaped(name)))).toBe(
        !known.test(name),
      );
    }),
  );
});
