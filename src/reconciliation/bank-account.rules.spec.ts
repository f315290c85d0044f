/** An account is known again however its bank writes it, and never by a part of its number. */
import { isAccount } from './bank-account.rules';

it.each<[string, string, boolean]>([
  ['0150123456', '0150123456', true],
  ['NMIBTZTZ/0150 123 456', '0150123456', true],
  ['01-50123456', '0150123456', true],
  ['ch93 0076 2011 6238 5295 7', 'CH9300762011623852957', true],
  ['0150123456/TZS', '0150123456', true],
  ['10150123456', '0150123456', false],
  ['', '0150123456', false],
])('%s is %s: %s', (written, known, is) => {
  expect(isAccount(written, known)).toBe(is);
});
