/**
 * What comes later for one day and changes what may match in another: the other day is run again by itself, as often as
 * it takes and no more; a closed day stays as it is, and the open day says what it misses.
 */
import { Readable } from 'node:stream';
import { CloseDay } from '../../src/closing/close-day';
import { VerifyDay } from '../../src/closing/verify-day';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { RunDueDays } from '../../src/reconciliation/run-due-days';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';

const first = '2026-11-23';
const second = '2026-11-24';
const third = '2026-11-25';
const header = 'transaction_id,control_number,amount,currency,paid_at';

let gateway: TestGateway;
let books: Books;
let number = '';

async function importLines(day: string, ...ids: readonly string[]): Promise<void> {
  const lines = ids.map((id) => `${id},${number},100.00,TZS,${day}T10:00:00`);
  const outcome = await books.use(ImportStatement).execute({
    pspCode: 'PSP701',
    day: parseBusinessDay(day),
    fileName: 'day.csv',
    open: () => Readable.from([Buffer.from([header, ...lines, ''].join('\n'))]),
    importedBy: 'test',
    isDryRun: false,
  });
  expect(outcome.kind).toBe('imported');
}

const run = (day: string) => books.use(RunReconciliation).execute(parseBusinessDay(day));
const runDue = () => books.use(RunDueDays).execute();

/** `2026-11-23 missing-there T-1`: what is open, and since when it refers to a closed day, which. */
async function open(): Promise<string[]> {
  const { rows } = await gateway.db.query<{ said: string }>(
    `select concat_ws(' ', business_day, kind, subject, 'of ' || (detail ->> 'refersToDay')) as said
       from discrepancy where state = 'open' order by 1`,
  );
  return rows.map(({ said }) => said);
}

/** `2026-11-23 T-1 T-2`: per day, the payments that its latest run matched. */
async function matched(): Promise<string[]> {
  const { rows } = await gateway.db.query<{ said: string }>(
    `select r.business_day || ' ' || string_agg(p.psp_transaction_id, ' ' order by p.psp_transaction_id) as said
       from reconciliation_run r join match m on m.run_id = r.id join payment p on p.id = m.payment_id
      where r.is_latest group by r.business_day order by 1`,
  );
  return rows.map(({ said }) => said);
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  books = new Books(gateway);
  await gateway.setClock(`${first}T08:00:00Z`);
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  await makeOfficer(gateway.app, 'amina.officer', 'treasury-officer');
  await makeOfficer(gateway.app, 'baraka.approver', 'treasury-approver');
  const bill = draft('N-1', { systemId: 'THOSP001', paymentOption: '2', amount: '10000' });
  number = await books.numberOf('SP70101', bill);
  expect(await books.pay('PSP701', 'T-1', number, '100.00')).toBe('taken');
  await gateway.setClock(`${second}T08:00:00Z`);
  expect(await books.pay('PSP701', 'T-2', number, '100.00')).toBe('taken');
  await gateway.setClock(`${third}T20:00:00Z`);
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('a payment that another day takes is missing no more where it was made', async () => {
  await importLines(second);
  await run(second);
  expect(await open()).toEqual([`${second} missing-there T-2`]);
  await importLines(first, 'T-1', 'T-2');
  await run(first);
  expect(await runDue()).toBe(1);
  expect(await open()).toEqual([]);
  expect(await matched()).toEqual([`${first} T-1 T-2`]);
  expect(await runDue()).toBe(0);
});

it('a payment that a revision lets go belongs to its own day again', async () => {
  await importLines(second, 'T-2');
  await run(second);
  expect(await open()).toEqual([`${second} wrong-day T-2`]);
  await importLines(first, 'T-1');
  await run(first);
  expect(await runDue()).toBe(1);
  expect(await open()).toEqual([]);
  expect(await matched()).toEqual([`${first} T-1`, `${second} T-2`]);
  expect(await runDue()).toBe(0);
});

it('a payment that comes after the run is what a line of the day meant', async () => {
  await importLines(second, 'T-2', 'T-3');
  await run(second);
  expect(await open()).toEqual([`${second} missing-here T-3`]);
  expect(await runDue()).toBe(0);
  await gateway.setClock(`${third}T20:10:00Z`);
  expect(await books.pay('PSP701', 'T-3', number, '100.00')).toBe('taken');
  expect(await runDue()).toBe(1);
  expect(await open()).toEqual([]);
  expect(await runDue()).toBe(0);
});

it('what a closed day loses is of the open day, which names it, until some day has it again', async () => {
  const closing = books.use(CloseDay);
  await importLines(second, 'T-1', 'T-2', 'T-3');
  await importLines(first);
  await run(first);
  await runDue();
  await run(second);
  await runDue();
  expect(await matched()).toEqual([`${second} T-1 T-2 T-3`]);
  await closing.propose(parseBusinessDay(first), 'amina.officer');
  await closing.approve(parseBusinessDay(first), 'baraka.approver');
  await importLines(second, 'T-2', 'T-3');
  await run(second);
  expect(await open()).toEqual([`${third} missing-there T-1 of ${first}`]);
  await run(second);
  await runDue();
  expect(await open()).toEqual([`${third} missing-there T-1 of ${first}`]);
  expect(await books.use(VerifyDay).execute(parseBusinessDay(first))).toMatchObject({
    isSame: true,
  });
  await importLines(second, 'T-1', 'T-2', 'T-3');
  await run(second);
  expect(await open()).toEqual([]);
});
