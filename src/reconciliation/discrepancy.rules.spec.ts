/** Which states of a discrepancy lead where, and what becomes of one that is found again. */
import { type DiscrepancyState, discrepancyKinds, foundAgain } from './discrepancy.rules';

const sums = { theirMinor: 100n, ourMinor: null, currency: 'TZS' };

it('every kind has one name', () => {
  expect(new Set(discrepancyKinds).size).toBe(14);
});

describe('a discrepancy that is found again', () => {
  it.each<[DiscrepancyState, string, string]>([
    ['open', 'unchanged', 'updated'],
    ['awaiting-approval', 'unchanged', 'reopened'],
    ['resolved', 'unchanged', 'reopened'],
    ['withdrawn', 'reopened', 'reopened'],
  ])('when it was %s: %s over the same sums, %s over others', (state, same, other) => {
    expect(foundAgain({ ...sums, state }, sums)).toBe(same);
    expect(foundAgain({ ...sums, state }, { ...sums, theirMinor: 101n })).toBe(other);
    expect(foundAgain({ ...sums, state }, { ...sums, ourMinor: 1n })).toBe(other);
    expect(foundAgain({ ...sums, state }, { ...sums, currency: 'USD' })).toBe(other);
  });
});
