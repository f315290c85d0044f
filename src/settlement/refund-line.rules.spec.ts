/** Whose refund a line is, and what the bank kept of it. */
import { chargeKept, type RefundLine, transfersOf } from './refund-line.rules';

const id = `MLP${'0A'.repeat(16)}`;
const other = `MLP${'0B'.repeat(16)}`;
const line: RefundLine = { endToEndId: '', remittance: '', amountMinor: 500n, details: [] };

it.each<[string, Partial<RefundLine>, readonly string[]]>([
  ['its end-to-end id', { endToEndId: id }, [`${id} 500 end-to-end-id`]],
  [
    'each of a batch',
    {
      endToEndId: id,
      details: [
        { endToEndId: id, amountMinor: '200' },
        { endToEndId: other, amountMinor: '300' },
      ],
    },
    [`${id} 200 end-to-end-id`, `${other} 300 end-to-end-id`],
  ],
  ['the text', { remittance: `RTN ${id} LESS CHG` }, [`${id} 500 id-in-text`]],
  [
    'the text, whatever the bank did to the case and the spaces',
    {
      endToEndId: 'NOTPROVIDED',
      remittance: `rtn/${id.slice(0, 16).toLowerCase()} ${id.slice(16)} ${id}`,
    },
    [`${id} 500 id-in-text`],
  ],
  [
    'its end-to-end id before the text',
    { endToEndId: id, remittance: other },
    [`${id} 500 end-to-end-id`],
  ],
  ['nobody where the text holds two', { remittance: `${id} ${other}` }, []],
  ['nobody', { remittance: 'MLP12 and more' }, []],
])('names %s', (_case, more, expected) => {
  const said = transfersOf({ ...line, ...more }).map(
    (each) => `${each.endToEndId} ${each.amountMinor.toString()} ${each.rule}`,
  );
  expect(said).toEqual(expected);
});

it.each([
  [100n, 100n, 0n],
  [100n, 99n, 1n],
  [100n, 50n, 50n],
  [100n, 49n, undefined],
  [100n, 101n, undefined],
  [1n, 0n, undefined],
])('of %s of which %s came back the bank kept %s', (sent, came, kept) => {
  expect(chargeKept(sent, came)).toBe(kept);
});
