/**
 * Refunds of which the bank gives back less than went out: found by their ids, whole again for the payer, the rest a
 * charge of ours; and what is too little for that, decided in the spreadsheet of discrepancies. Amounts are cents.
 */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { Approvals } from '../../src/officers/approvals';
import { ExchangeDiscrepancies } from '../../src/reconciliation/exchange-discrepancies';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { balances, bankEntry, bankFile, importFile } from '../support/bank';
import { Books, draft } from '../support/bills';
import { importCamt } from '../support/camt';
import { TestGateway } from '../support/gateway';
import { RefundDesk } from '../support/refund-desk';

const account = '0170100000011';
let gateway: TestGateway;
let books: Books;
let desk: RefundDesk;
let [few, some, many] = ['', '', ''];

const run = () => books.use(MatchSettlement).execute('test');

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  books = new Books(gateway);
  desk = new RefundDesk(gateway, books, account);
  await desk.open();
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  await gateway.party('PSP702', { policy: 'irrevocable' });
  const bill = draft('B-1', { paymentOption: '1', systemId: 'THOSP001' });
  const number = await books.numberOf('SP70101', bill);
  expect(await books.pay('PSP701', 'T-surplus', number, '1100.00')).toBe('taken');
  expect(await books.pay('PSP702', 'T-suspense', '991234567890', '30.00')).toBe('taken');
  expect(await books.pay('PSP702', 'T-other', '991234567890', '50.00')).toBe('taken');
  await desk.approved('T-suspense', { source: 'suspense', amountMinor: 3_000n });
  await desk.approved('T-other', { source: 'suspense', amountMinor: 5_000n });
  await desk.approved('T-surplus', { source: 'surplus', amountMinor: 10_000n });
  [few = '', some = '', many = ''] = await desk.instructed();
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('all of it may be refunded anew, and what the bank kept is its charge', async () => {
  await gateway.setClock('2026-11-25T06:00:00Z');
  const paid = [
    { endToEndId: few, minor: 3_000n },
    { endToEndId: some, minor: 5_000n },
    { endToEndId: many, minor: 10_000n },
  ];
  await importCamt(gateway, account, '2026-11-24', 500_000n, [
    { signedMinor: -18_000n, transfers: paid },
    { signedMinor: 9_000n, transfers: [{ endToEndId: many, minor: 9_000n }], returned: 'AC04' },
    { signedMinor: 1_000n, transfers: [{ endToEndId: some, minor: 1_000n }], returned: 'AC04' },
  ]);
  const said = bankEntry('2026-11-24', 2_900n, { remittance: `RTN ${few} LESS CHG` });
  await importFile(gateway, bankFile(account, 'S-2', '2026-11-24', 492_000n, [said]));
  expect(await run()).toMatchObject({ matchCount: 5, unmatchedCount: 1 });
  expect(await desk.states()).toEqual([
    'surplus 10000 returned',
    'suspense 3000 returned',
    'suspense 5000 paid',
  ]);
  const after = await balances(gateway);
  expect(after).toMatchObject({
    [`bank-charge:${account}`]: '1100',
    'suspense:PSP702': '-3000',
    'sp-surplus:SP70101': '-10000',
  });
  expect(after).not.toHaveProperty('refund-payable');
  const alarms = await gateway.count('alarm', `detail like '%, and kept 10.00 TZS of it: AC04'`);
  expect(alarms).toBe(1);
  expect(await run()).toMatchObject({ matchCount: 0 });
});

it('less than half of it is what officers say, who find its id in the spreadsheet and write it there', async () => {
  const exchange = books.use(ExchangeDiscrepancies);
  const sheet: Record<string, string>[] = parse(
    await exchange.export({ kind: 'unidentified-credit', limit: 10 }),
    { columns: true },
  );
  const [row = {}] = sheet;
  expect(sheet).toHaveLength(1);
  expect(row).toMatchObject({ psp: '', day: '2026-11-25', end_to_end_id: some, refund: '' });
  const filled = { ...row, resolution: 'refund-returned', note: 'so says the bank', refund: some };
  const [outcome] = await exchange.import(
    Buffer.from(stringify([filled], { header: true })),
    'amina',
    false,
  );
  expect(outcome).toMatchObject({
    outcome: 'awaiting-approval',
    detail: expect.stringContaining('less 40.00 TZS that are a charge of the bank') as string,
  });
  await books.use(Approvals).approve(outcome?.approvalId ?? '', 'baraka');
  const after = await balances(gateway);
  expect(after).toMatchObject({ [`bank-charge:${account}`]: '5100', 'suspense:PSP702': '-8000' });
  expect(after).not.toHaveProperty('refund-payable');
  expect(await run()).toMatchObject({ matchCount: 0, unmatchedCount: 0 });
});
