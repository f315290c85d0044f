/** The chart of accounts: every name begins with its kind, and every kind has a normal side. */
import { accounts, normalSide } from './chart-of-accounts.rules';

it('says on the debit side where the money is, and on the credit side whose', () => {
  const credits = ['sp-payable', 'sp-surplus', 'suspense', 'refund-payable', 'bank-unallocated'];
  for (const [kind, side] of Object.entries(normalSide))
    expect([kind, side]).toEqual([kind, credits.includes(kind) ? 'credit' : 'debit']);
});

it.each([
  [accounts.pspReceivable('PSP701', '0150'), 'psp-receivable:PSP701:0150', 'debit'],
  [accounts.spPayable('SP70101', '142202'), 'sp-payable:SP70101:142202', 'credit'],
  [accounts.spSurplus('SP70101'), 'sp-surplus:SP70101', 'credit'],
  [accounts.suspense('PSP701'), 'suspense:PSP701', 'credit'],
])('%j is named %s and grows on the %s side', (account, name, side) => {
  expect(account.name).toBe(name);
  expect(normalSide[account.kind]).toBe(side);
});
