/** Pending, late and missing are three things; and why an entry is not matched can be read. */
import { missSentence } from './miss-words';
import { settlementState } from './settlement-status.rules';

it.each([
  [0n, 0n, true, true, 'settled'],
  [5n, 5n, true, true, 'settled'],
  [-1n, 0n, true, true, 'settled'],
  [6n, 5n, false, true, 'pending'],
  [6n, 5n, true, false, 'late'],
  [6n, 5n, true, true, 'missing'],
] as const)(
  'open %s, fee %s, due %s, statement %s: %s',
  (openMinor, feeOpenMinor, isDue, isStatementIn, state) => {
    expect(settlementState({ openMinor, feeOpenMinor, isDue, isStatementIn })).toBe(state);
  },
);

it('names what was nearest and what failed', () => {
  const nearest = {
    psp: 'PSP701',
    account: 'A',
    clearingDay: '2026-11-24',
    expectedMinor: '12345',
    failed: ['reference', 'sum'],
  };
  expect(missSentence('sum-differs', [nearest])).toBe(
    'No reference and no sum fits. Nearest: PSP701 of 2026-11-24, 123.45: its reference is not in the line, the sum differs.',
  );
  expect(missSentence('nothing-expected', [])).toBe('Nothing is expected on this account.');
  expect(missSentence('sum-differs', [nearest], 'sw')).toBe(
    'Hakuna kumbukumbu wala jumla inayolingana. Zinazokaribia: PSP701 ya 2026-11-24, 123.45: kumbukumbu yake haipo kwenye mstari, jumla inatofautiana.',
  );
});
