/**
 * Whether a statement is missing, told by balances alone: of files that overlap, hold no balance, tell a day again in
 * another form or bring what was booked long before, none raises the alarm; one that is missing does. Amounts are cents.
 */
import type { BankFile, BankFileFormat } from '../../src/reconciliation/bank-statement.rules';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ReviewSettlement } from '../../src/settlement/review-settlement';
import { balances, bankEntry, bankFile, importFile } from '../support/bank';
import { TestGateway } from '../support/gateway';

const account = '0170100000011';
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-26T08:00:00Z');
  await gateway.party('SP70101');
});

afterAll(() => gateway.stop());

/** As a bank's CSV has it: no id, and balances only where the file shows them. */
function csv(file: BankFile, has: { readonly balances: boolean }): BankFile {
  const format: BankFileFormat = 'csv';
  const nameless = file.statements.map((each) => ({ ...each, id: '' }));
  const bare = nameless.map((each) => ({ ...each, opening: undefined, closing: undefined }));
  return { ...file, format, statements: has.balances ? nameless : bare };
}

const alarms = () => gateway.count('alarm', `kind = 'bank-statement-gap'`);
const imported = async (file: BankFile) => (await importFile(gateway, file, account))[0];

const friday = bankFile(account, 'S-20', '2026-11-20', 1_000n, [bankEntry('2026-11-20', 500n)]);
const [first, second, third] = [
  bankEntry('2026-11-21', 100n),
  bankEntry('2026-11-22', 200n),
  bankEntry('2026-11-23', 50n),
];

it('days that only a file without balances tells are no gap, and neither are days that two files tell', async () => {
  expect(await imported(friday)).toMatchObject({ gapMinor: null });
  const bare = csv(bankFile(account, '', '2026-11-22', 0n, [first, second]), { balances: false });
  expect(await imported(bare)).toMatchObject({ knownCount: 0, gapMinor: null });
  const overlapping = bankFile(account, '', '2026-11-23', 1_600n, [second, third]);
  expect(await imported(csv(overlapping, { balances: true }))).toMatchObject({
    knownCount: 1,
    gapMinor: 0n,
  });
  const again = bankFile(account, 'S-23', '2026-11-23', 1_800n, [third]);
  expect(await imported(again)).toMatchObject({ knownCount: 1, gapMinor: 0n });
  expect(await alarms()).toBe(0);
});

it('neither is what a bank books for an earlier day', async () => {
  const backdated = [bankEntry('2026-11-22', 5n), bankEntry('2026-11-24', 10n)];
  const tuesday = bankFile(account, 'S-24', '2026-11-24', 1_850n, backdated);
  expect(await imported(tuesday)).toMatchObject({ gapMinor: 0n });
  expect(await alarms()).toBe(0);
});

it('a day that nobody told is one, until any file tells it', async () => {
  const thursday = bankFile(account, 'S-26', '2026-11-26', 1_965n, [bankEntry('2026-11-26', 1n)]);
  expect(await imported(thursday)).toMatchObject({ gapMinor: 100n });
  expect(await alarms()).toBe(1);
  const missing = bankFile(account, '', '2026-11-25', 0n, [bankEntry('2026-11-25', 100n)]);
  await imported(csv(missing, { balances: false }));
  const [from, to] = [parseBusinessDay('2026-11-20'), parseBusinessDay('2026-11-26')];
  const review = gateway.app.get(ReviewSettlement, { strict: false });
  const gaps = (await review.statements(from, to)).map((each) => each.gapMinor);
  expect(gaps).toEqual([null, null, 0n, 0n, 0n, null, 0n]);
  expect(await alarms()).toBe(1);
  expect(await balances(gateway)).toMatchObject({ [`collection:${account}`]: '1966' });
});
