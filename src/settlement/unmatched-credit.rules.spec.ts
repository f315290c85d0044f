/** The three nearest expectations of a credit that no rule matched, each with what failed. */
import type { BusinessDay } from '../kernel/business-day';
import type { OpenCredit } from './open-items.rules';
import { missOf } from './unmatched-credit.rules';

const credit: OpenCredit = {
  id: 1n,
  account: 'A',
  currency: 'TZS',
  amountMinor: 90n,
  bookingDay: '2026-11-30' as BusinessDay,
  fields: ['CLEARING'],
  pspId: 2,
  isWhole: true,
};
const open = (id: number, netMinor: bigint, more: { account?: string; pspId?: number } = {}) => ({
  netMinor,
  expectation: {
    id: BigInt(id),
    pspId: 2,
    account: 'A',
    currency: 'TZS',
    day: '2026-11-27' as BusinessDay,
    netMinor,
    reference: 'PSP220261127',
    ...more,
  },
});

it('is nothing expected where the account expects nothing', () => {
  expect(missOf(credit, [open(7, 90n, { account: 'B' })], false)).toEqual({
    creditId: 1n,
    reason: 'nothing-expected',
    candidates: [],
  });
});

it('names the nearest sums first, three of them', () => {
  const { reason, candidates } = missOf(
    credit,
    [open(4, 500n), open(5, 80n), open(6, 95n, { pspId: 1 }), open(7, 200n)],
    false,
  );
  expect(reason).toBe('sum-differs');
  expect(candidates).toEqual([
    { expectationId: 6n, netMinor: 95n, failed: ['reference', 'sum', 'psp'] },
    { expectationId: 5n, netMinor: 80n, failed: ['reference', 'sum'] },
    { expectationId: 7n, netMinor: 200n, failed: ['reference', 'sum'] },
  ]);
});

it('says of which there were several', () => {
  const { reason, candidates } = missOf(credit, [open(7, 90n), open(8, 90n), open(9, 91n)], true);
  expect(reason).toBe('ambiguous');
  expect(candidates.map(({ failed }) => failed)).toEqual([
    ['reference', 'several'],
    ['reference', 'several'],
    ['reference', 'sum'],
  ]);
});
