/** Each rule with its neighbours, the misses with their reasons, and that no sum is taken twice. */
import fc from 'fast-check';
import type { BusinessDay } from '../kernel/business-day';
import type { OpenCredit, OpenExpectation } from './open-items.rules';
import { plainText } from './reference-text.rules';
import { matchCredits } from './settlement-matching.rules';

const credit = (
  id: number,
  amountMinor: bigint,
  more: Partial<OpenCredit> & { text?: string } = {},
): OpenCredit => ({
  id: BigInt(id),
  account: 'A',
  currency: 'TZS',
  amountMinor,
  bookingDay: '2026-11-30' as BusinessDay,
  fields: [plainText(more.text ?? '')],
  pspId: undefined,
  isWhole: true,
  ...more,
});
const expected = (
  id: number,
  netMinor: bigint,
  day = '27',
  more: Partial<OpenExpectation> = {},
): OpenExpectation => {
  const pspId = more.pspId ?? 1;
  return {
    id: BigInt(id),
    pspId,
    account: 'A',
    currency: 'TZS',
    day: `2026-11-${day}` as BusinessDay,
    netMinor,
    reference: `PSP${String(pspId)}202611${day}`,
    ...more,
  };
};
const said = (credits: OpenCredit[], expectations: OpenExpectation[]) =>
  matchCredits(credits, expectations).allocations.map(
    (each) =>
      `${each.rule} ${each.creditId.toString()}>${each.expectationId.toString()} ${each.amountMinor.toString()}`,
  );

it.each<[string, OpenCredit[], OpenExpectation[], string[]]>([
  [
    'exact',
    [credit(1, 90n, { text: 'CLR psp1-2026/11/27' })],
    [expected(7, 90n)],
    ['reference 1>7 90'],
  ],
  ['short', [credit(1, 80n, { text: 'PSP120261127' })], [expected(7, 90n)], ['reference 1>7 80']],
  [
    'over, up to what is due',
    [credit(1, 99n, { text: 'PSP120261127' })],
    [expected(7, 90n)],
    ['reference 1>7 90'],
  ],
  [
    'N:1 by reference',
    [credit(1, 40n, { text: 'PSP120261127 A' }), credit(2, 50n, { text: 'PSP120261127 B' })],
    [expected(7, 90n)],
    ['reference 1>7 40', 'reference 2>7 50'],
  ],
  [
    '1:N by references',
    [credit(1, 100n, { text: 'PSP120261127 PSP120261128' })],
    [expected(8, 10n, '28'), expected(7, 90n)],
    ['references 1>7 90', 'references 1>8 10'],
  ],
  [
    '1:N by references, one of them filled by another credit',
    [
      credit(1, 90n, { text: 'PSP120261127 PSP120261128' }),
      credit(2, 10n, { text: 'PSP120261128' }),
    ],
    [expected(8, 10n, '28'), expected(7, 95n)],
    ['reference 2>8 10', 'references 1>7 90'],
  ],
  [
    'a reference that was cut off, with its sum',
    [credit(1, 90n, { text: 'settlement PSP12026112' })],
    [expected(7, 90n), expected(8, 91n, '28')],
    ['reference-cut-off 1>7 90'],
  ],
  ['a reference cut off to seven', [credit(1, 90n, { text: 'PSP1202' })], [expected(7, 91n)], []],
  [
    'a reference cut off, another sum',
    [credit(1, 90n, { text: 'PSP12026112' })],
    [expected(7, 91n)],
    [],
  ],
  ['the sum', [credit(1, 90n)], [expected(7, 90n), expected(8, 91n)], ['sum 1>7 90']],
  ['the sum on another account', [credit(1, 90n)], [expected(7, 90n, '27', { account: 'B' })], []],
  [
    'the sum in another currency',
    [credit(1, 90n)],
    [expected(7, 90n, '27', { currency: 'USD' })],
    [],
  ],
  [
    'the sum of two days, the oldest first',
    [credit(1, 90n)],
    [expected(8, 90n, '28'), expected(7, 90n)],
    ['sum 1>7 90'],
  ],
  [
    'the sum of two PSPs',
    [credit(1, 90n)],
    [expected(7, 90n), expected(8, 90n, '27', { pspId: 2 })],
    [],
  ],
  [
    'the sum of two PSPs, one of them named',
    [credit(1, 90n, { pspId: 2 })],
    [expected(7, 90n), expected(8, 90n, '27', { pspId: 2 })],
    ['sum 1>8 90'],
  ],
  [
    'the sum of two PSPs, when the other one is taken by a credit that names it',
    [credit(1, 90n), credit(2, 90n, { pspId: 1 })],
    [expected(7, 90n), expected(8, 90n, '27', { pspId: 2 })],
    ['sum 2>7 90', 'sum 1>8 90'],
  ],
  ['the sum of eleven days ago', [credit(1, 90n)], [expected(7, 90n, '19')], []],
  ['the sum of ten days ago', [credit(1, 90n)], [expected(7, 90n, '20')], ['sum 1>7 90']],
  ['the sum of tomorrow', [credit(1, 90n)], [expected(7, 90n, '31')], []],
  [
    'a weekend in one',
    [credit(1, 60n)],
    [expected(7, 10n, '27'), expected(8, 20n, '28'), expected(9, 30n, '29')],
    ['sum-of-days 1>7 10', 'sum-of-days 1>8 20', 'sum-of-days 1>9 30'],
  ],
  [
    'days that are not neighbours',
    [credit(1, 40n)],
    [expected(7, 10n, '27'), expected(8, 20n, '28'), expected(9, 30n, '29')],
    [],
  ],
  [
    'two accounts in one',
    [credit(1, 30n)],
    [expected(7, 10n), expected(8, 20n, '27', { account: 'B' })],
    ['sum-of-accounts 1>7 10', 'sum-of-accounts 1>8 20'],
  ],
  [
    'N:1 by sum, where the PSP is named',
    [credit(1, 40n, { pspId: 1 }), credit(2, 50n, { pspId: 1 })],
    [expected(7, 90n)],
    ['sum-of-credits 1>7 40', 'sum-of-credits 2>7 50'],
  ],
  ['N:1 by sum of nobody', [credit(1, 40n), credit(2, 50n)], [expected(7, 90n)], []],
  [
    'a part that is left says nothing',
    [credit(1, 90n, { isWhole: false })],
    [expected(7, 90n)],
    [],
  ],
])('%s', (_case, credits, expectations, allocations) => {
  expect(said(credits, expectations)).toEqual(allocations);
});

it.each<[string, OpenCredit, OpenExpectation[], object]>([
  ['nothing expected', credit(1, 90n), [], { reason: 'nothing-expected', candidates: [] }],
  [
    'another sum',
    credit(1, 90n, { pspId: 2 }),
    [expected(7, 91n)],
    {
      reason: 'sum-differs',
      candidates: [{ expectationId: 7n, netMinor: 91n, failed: ['reference', 'sum', 'psp'] }],
    },
  ],
  [
    'two that fit',
    credit(1, 90n),
    [expected(7, 90n), expected(8, 90n, '27', { pspId: 2 })],
    {
      reason: 'ambiguous',
      candidates: [
        { expectationId: 7n, netMinor: 90n, failed: ['reference', 'several'] },
        { expectationId: 8n, netMinor: 90n, failed: ['reference', 'several'] },
      ],
    },
  ],
])('not matched: %s', (_case, one, expectations, miss) => {
  expect(matchCredits([one], expectations).misses).toEqual([{ creditId: 1n, ...miss }]);
});

it('never takes more of a credit, or of an expectation, than there is, and forgets no credit', () => {
  const amount = fc.bigInt(1n, 6n);
  const anyCredit = fc.record({
    amount,
    text: fc.constantFrom('', 'PSP120261127', 'PSP12026112', 'PSP120261127PSP120261128'),
    psp: fc.constantFrom(undefined, 1, 2),
  });
  const anyExpected = fc.record({
    amount,
    day: fc.constantFrom('26', '27', '28', '29'),
    pspId: fc.constantFrom(1, 2),
    account: fc.constantFrom('A', 'B'),
  });
  fc.assert(
    fc.property(
      fc.array(anyCredit, { maxLength: 6 }),
      fc.array(anyExpected, { maxLength: 8 }),
      (left, right) => {
        const credits = left.map((each, i) =>
          credit(i, each.amount, { text: each.text, pspId: each.psp }),
        );
        const expectations = right.map((each, i) =>
          expected(i, each.amount, each.day, { pspId: each.pspId, account: each.account }),
        );
        const { allocations, misses } = matchCredits(credits, expectations);
        const taken = (key: 'creditId' | 'expectationId', id: bigint) =>
          allocations
            .filter((each) => each[key] === id)
            .reduce((sum, each) => sum + each.amountMinor, 0n);
        for (const each of credits) {
          expect(taken('creditId', each.id) <= each.amountMinor).toBe(true);
          expect(taken('creditId', each.id) > 0n).toBe(
            !misses.some((miss) => miss.creditId === each.id),
          );
        }
        for (const each of expectations)
          expect(taken('expectationId', each.id) <= each.netMinor).toBe(true);
        expect(allocations.every((each) => each.amountMinor > 0n)).toBe(true);
      },
    ),
  );
});
