/** A closed day keeps still: whoever writes for it is refused by the database, and what comes late names it. */
import { Client } from 'pg';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ClosedDays } from '../../src/ledger/closed-days';
import { buildEntry } from '../../src/ledger/entry.rules';
import { accounts } from '../../src/ledger/chart-of-accounts.rules';
import { PostEntries } from '../../src/ledger/post-entries';
import { Database } from '../../src/platform/database/database';
import { TestGateway } from '../support/gateway';

const yesterday = parseBusinessDay('2026-11-24');
const today = parseBusinessDay('2026-11-25');
const entryId = '00000000-0000-7000-8000-000000000001';

let gateway: TestGateway;

function use<T>(type: new (...needs: never[]) => T): T {
  return gateway.app.get<T>(type, { strict: false });
}

function post(sourceId: string, businessDay = yesterday): Promise<void> {
  const draft = buildEntry({
    sourceKind: 'test',
    sourceId,
    businessDay,
    currency: 'TZS',
    postings: [
      { account: accounts.pspReceivable('PSP701', '0150'), side: 'debit', amountMinor: 5n },
      { account: accounts.suspense('PSP701'), side: 'credit', amountMinor: 5n },
    ],
  });
  return use(Database).transaction((tx) => use(PostEntries).execute(tx, [draft]));
}

function close(day = yesterday): Promise<void> {
  return use(Database).transaction(async (tx) => {
    await use(ClosedDays).hold(tx, day);
    await use(ClosedDays).close(tx, day);
  });
}

async function entriesOf(sourceId: string): Promise<unknown[]> {
  const { rows } = await gateway.db.query<object>(
    `select e.business_day::text as day, e.refers_to_day::text as "refersTo",
            array_agg(distinct p.business_day::text) as postings
       from ledger_entry e join posting p on p.entry_id = e.id where e.source_id = $1 group by e.id`,
    [sourceId],
  );
  return rows;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-25T08:00:00Z');
});

afterAll(async () => {
  await gateway.stop({ fabricated: 'entries of no payment' });
});

it('an open day takes entries; the day is closed when what is under way has ended', async () => {
  await post('before');
  const writer = new Client({ connectionString: gateway.databaseUrl });
  await writer.connect();
  await writer.query('begin');
  await writer.query(
    `with entry as (
       insert into ledger_entry (id, source_kind, source_id, business_day, currency)
       values ('${entryId}', 'test', 'under way', '2026-11-24', 'TZS'))
     insert into posting (business_day, entry_id, position, account_id, debit_minor, credit_minor)
     select '2026-11-24', '${entryId}', n, (select min(id) from ledger_account), 5 * n, 5 * (1 - n)
       from generate_series(0, 1) n`,
  );
  await expect(close()).rejects.toThrow('lock timeout');
  await writer.query('commit');
  await writer.end();
  await close();
  const reader = use(Database).reader;
  expect(await use(ClosedDays).latest(reader)).toBe(yesterday);
  expect(await use(ClosedDays).isClosed(reader, yesterday)).toBe(true);
  expect(await use(ClosedDays).isClosed(reader, parseBusinessDay('2026-11-20'))).toBe(true);
  expect(await use(ClosedDays).isClosed(reader, today)).toBe(false);
});

it('an entry that comes late belongs to the open day and refers back', async () => {
  await post('late');
  await post('in time', today);
  expect(await entriesOf('before')).toEqual([
    { day: yesterday, refersTo: null, postings: [yesterday] },
  ]);
  expect(await entriesOf('late')).toEqual([{ day: today, refersTo: yesterday, postings: [today] }]);
  expect(await entriesOf('in time')).toEqual([{ day: today, refersTo: null, postings: [today] }]);
  const reader = use(Database).reader;
  expect(await use(ClosedDays).dayToPost(reader, yesterday)).toEqual({
    day: today,
    refersToDay: yesterday,
  });
  expect(await use(ClosedDays).dayToPost(reader, today)).toEqual({ day: today, refersToDay: null });
});

it.each([
  `insert into posting (business_day, entry_id, position, account_id, debit_minor)
   select '2026-11-24', '${entryId}', 9, min(id), 5 from ledger_account`,
  `insert into reconciliation_run (psp_id, business_day, is_latest, is_provisional)
   values ((select min(id) from party), '2026-11-24', true, true)`,
  `insert into discrepancy (business_day, kind, subject, currency) values ('2026-11-23', 'missing-here', 'x', 'TZS')`,
])('the database refuses its owner what carries a closed day: %s', async (statement) => {
  await gateway.enrolFile('certs-sample/parties/PSP701.json');
  await expect(gateway.db.query(statement)).rejects.toThrow('books are closed up to');
});

it('the day that runs cannot be closed, nor a closed one opened', async () => {
  await expect(close(today)).rejects.toThrow('closed_day_check');
  await expect(gateway.db.query(`delete from closed_day`)).rejects.toThrow('append-only');
});
