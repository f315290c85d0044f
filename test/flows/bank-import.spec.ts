/** Bank statements are kept and posted: once, whole, and so that the ledger's account is the bank's balance. */
import type { BusinessDay } from '../../src/kernel/business-day';
import { ManageCalendar } from '../../src/settlement/manage-calendar';
import { ManageTerms } from '../../src/settlement/manage-terms';
import { readTerms } from '../../src/settlement/settlement-terms.rules';
import { balances, bankEntry, bankFile, importFile } from '../support/bank';
import { TestGateway } from '../support/gateway';

const account = '0170100000011';
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-26T08:00:00Z');
  await gateway.party('SP70101');
  await gateway.party('PSP701');
});

afterAll(async () => {
  await gateway.stop();
});

const tuesday = bankFile(account, 'S-24', '2026-11-24', 1_000n, [
  bankEntry('2026-11-24', 500n),
  bankEntry('2026-11-24', -200n),
]);

it('every line is posted with the balance that the account began with', async () => {
  expect(await importFile(gateway, tuesday)).toMatchObject([
    {
      account,
      state: 'imported',
      entryCount: 2,
      creditMinor: 500n,
      debitMinor: 200n,
      gapMinor: null,
    },
  ]);
  expect(await balances(gateway)).toEqual({
    [`collection:${account}`]: '1300',
    [`bank-unallocated:${account}`]: '-1300',
  });
});

it('the same statement again changes nothing; another under its id is refused', async () => {
  expect(await importFile(gateway, tuesday)).toMatchObject([{ state: 'already-imported' }]);
  const other = bankFile(account, 'S-24', '2026-11-24', 1_000n, [bankEntry('2026-11-24', 7n)]);
  await expect(importFile(gateway, other)).rejects.toThrow('bank-statement.conflict');
  expect(await gateway.count('bank_statement')).toBe(1);
});

it('a notification is posted, and its statement does not count it again', async () => {
  const credit = bankEntry('2026-11-26', 50n);
  const notice = bankFile(account, 'N-26', '2026-11-26', 0n, [credit], 'camt.054');
  expect(await importFile(gateway, notice)).toMatchObject([{ state: 'imported', gapMinor: null }]);
  const statement = bankFile(account, 'S-26', '2026-11-26', 1_700n, [
    credit,
    bankEntry('2026-11-26', 25n),
  ]);
  expect(await importFile(gateway, statement)).toMatchObject([{ knownCount: 1, gapMinor: 400n }]);
  expect(await gateway.count('alarm', `kind = 'bank-statement-gap'`)).toBe(1);
});

it('the statement that was missing closes the gap, and an older one moves the beginning', async () => {
  const wednesday = bankFile(account, 'S-25', '2026-11-25', 1_300n, [
    bankEntry('2026-11-25', 400n),
  ]);
  expect(await importFile(gateway, wednesday, account)).toMatchObject([{ gapMinor: 0n }]);
  const monday = bankFile(account, 'S-23', '2026-11-23', 100n, [bankEntry('2026-11-23', 900n)]);
  expect(await importFile(gateway, monday)).toMatchObject([{ state: 'imported' }]);
  expect(await balances(gateway)).toEqual({
    [`collection:${account}`]: '1775',
    [`bank-unallocated:${account}`]: '-1775',
  });
});

it('of a file with one bad statement nothing is kept', async () => {
  const good = bankFile(account, 'S-27', '2026-11-26', 1_775n, []);
  const bad = bankFile('999', 'X', '2026-11-26', 0n, []);
  const both = { ...good, statements: [...good.statements, ...bad.statements] };
  await expect(importFile(gateway, both)).rejects.toThrow('bank-statement.account-unknown');
  await expect(importFile(gateway, good, '0170100000029')).rejects.toThrow(
    'bank-statement.account-different',
  );
  expect(await gateway.count('bank_statement', `bank_id = 'S-27'`)).toBe(0);
});

it('a treasury account has its own place, and is no collection account', async () => {
  const terms = gateway.app.get(ManageTerms, { strict: false });
  await expect(terms.setTreasury(account, 'TZS', 'test')).rejects.toThrow(
    'settlement.treasury-unfit',
  );
  await terms.setTreasury('9900', 'TZS', 'test');
  await importFile(
    gateway,
    bankFile('9900', 'T-1', '2026-11-25', 0n, [bankEntry('2026-11-25', 40n)]),
  );
  expect(await balances(gateway)).toMatchObject({ treasury: '40', 'bank-unallocated:9900': '-40' });
});

it('terms and holidays are data', async () => {
  const terms = gateway.app.get(ManageTerms, { strict: false });
  const read = readTerms({ currency: 'TZS', from: '2026-11-01' as BusinessDay, settleDays: 2 });
  await terms.set('PSP701', read, 'test');
  await terms.set('PSP701', { ...read, settleDays: 3 }, 'test');
  expect(await terms.list()).toMatchObject([{ pspCode: 'PSP701', settleDays: 3 }]);
  await expect(terms.set('PSP999', read, 'test')).rejects.toThrow('settlement.psp-unknown');

  const calendar = gateway.app.get(ManageCalendar, { strict: false });
  const names = async () => (await calendar.list(2026)).map((each) => each.name);
  expect(await names()).toEqual(expect.arrayContaining(['Eid al-Fitr', 'Maulid', 'Christmas']));
  await calendar.add('2026-11-27' as BusinessDay, 'Election', 'test');
  await calendar.remove('2026-12-25' as BusinessDay, 'test');
  await calendar.remove('2026-08-25' as BusinessDay, 'test');
  expect(await names()).toContain('Election');
  expect(await names()).not.toEqual(expect.arrayContaining(['Christmas']));
  expect(await names()).not.toEqual(expect.arrayContaining(['Maulid']));
  await expect(calendar.remove('2026-12-25' as BusinessDay, 'test')).rejects.toThrow(
    'calendar.not-a-holiday',
  );
});
