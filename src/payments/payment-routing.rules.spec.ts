/** Accounts and result addresses: the rule, and the tricks that an address can play. */
import { collectionAccountFor, defaultAccount, isRegisteredUrl } from './payment-routing.rules';

const sp = {
  accounts: [
    { account: 'A1', bank: 'B1', currency: 'TZS' },
    { account: 'A2', bank: 'B2', currency: 'TZS' },
    { account: 'U1', bank: 'B1', currency: 'USD' },
  ],
};
const bank = { accounts: [{ account: 'P1', bank: 'B2', currency: 'TZS' }], bank: 'B2' };

it.each([
  ['the one named', bank, 'TZS', 'A1', 'A1'],
  ["the one at the PSP's bank", bank, 'TZS', '', 'A2'],
  ['the first of the currency', { ...bank, bank: null }, 'TZS', '', 'A1'],
  ['never one of another currency', bank, 'USD', 'A1', 'U1'],
])('a payment lands on %s', (_case, psp, currency, named, account) => {
  expect(collectionAccountFor(sp, psp, currency, named)).toBe(account);
});

it('money without an institution lands on the account of its PSP', () => {
  expect([defaultAccount(bank, 'TZS'), defaultAccount(bank, 'USD')]).toEqual(['P1', 'unassigned']);
});

const psp = {
  resultUrl: 'https://psp.example/gepg/result',
  resultUrlPrefix: 'https://psp.example/gepg/',
};

it.each([
  ['https://psp.example/gepg/result', true],
  ['https://psp.example/gepg/other?x=1', true],
  ['https://psp.example/gepgevil/result', false],
  ['https://psp.example.evil.example/gepg/result', false],
  ['https://psp.example@evil.example/gepg/result', false],
  ['https://user:secret@psp.example/gepg/result', false],
  ['http://psp.example/gepg/result', false],
  ['https://psp.example:8443/gepg/result', false],
  ['https://psp.example/gepg/../admin', false],
  ['not an address', false],
])('result address %s is registered: %s', (text, isRegistered) => {
  expect(isRegisteredUrl(psp, text)).toBe(isRegistered);
});
