/** Accounts as banks write them, against the ones that are enrolled. */
import { isAccount } from './bank-account.rules';

it.each([
  ['0150 444-00', '15044400', true],
  ['0150.444.00', '0150444-00', true],
  ['NMIBTZTZ/0150444', '0150444', true],
  ['0150444', '0150445', false],
  ['', '0150444', false],
])('%j is written for %j: %s', (written, known, expected) => {
  expect(isAccount(written, known)).toBe(expected);
});
