/** The chart of accounts: every name begins with its kind, and every kind has a normal side. */
import { accounts, normalSide } from './chart-of-accounts.rules';

it.each([
  [accounts.pspReceivable('PSP701', '0150'), 'psp-receivable:PSP701:0150', 'debit'],
  [accounts.spPayable('SP70101', '142202'), 'sp-payable:SP70101:142202', 'credit'],
  [accounts.spSurplus('SP70101'), 'sp-surplus:SP70101', 'credit'],
  [accounts.suspense('PSP701'), 'suspense:PSP701', 'credit'],
])('%j is named %s and grows on the %s side', (account, name, side) => {
  expect(account.name).toBe(name);
  expect(normalSide[account.kind]).toBe(side);
});
