/** What was late in a day that is closed is worked on in the open day, and closes there when the money comes. */
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ReadDiscrepancies } from '../../src/reconciliation/read-discrepancies';
import { ResolveDiscrepancy } from '../../src/reconciliation/resolve-discrepancy';
import { WorkDiscrepancies } from '../../src/reconciliation/work-discrepancies';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { RunDueSettlement } from '../../src/settlement/run-due-settlement';
import { bankEntry, bankFile, importFile } from '../support/bank';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';

let gateway: TestGateway;
let books: Books;

function use<T>(type: new (...needs: never[]) => T): T {
  return gateway.app.get<T>(type, { strict: false });
}

const run = () => use(MatchSettlement).execute('test');

async function late(): Promise<readonly string[]> {
  const { rows } = await gateway.db.query<{ said: string }>(
    `select business_day || ' ' || state || coalesce(' from ' || (detail->>'carriedFrom'), '') as said
       from discrepancy where kind = 'late-settlement' order by 1`,
  );
  return rows.map((row) => row.said);
}

/** As the officers see them, with what goes on with which. */
async function shown(): Promise<readonly unknown[]> {
  const list = await use(WorkDiscrepancies).list({ kind: 'late-settlement', limit: 100 });
  return list.map(({ businessDay, state, carriedFrom, carriedTo }) => ({
    businessDay,
    state,
    from: carriedFrom?.day,
    to: list.find(({ id }) => id === carriedTo)?.businessDay,
  }));
}

/** The days whose discrepancies wait for somebody, in the work list of the console. */
async function workList(): Promise<readonly string[]> {
  const { found } = await use(ReadDiscrepancies).search({}, 0n);
  return found.map(({ day }) => day);
}

async function pay(id: string): Promise<void> {
  const number = await books.numberOf('SP70101', draft(id, { systemId: 'THOSP001' }));
  expect(await books.pay('PSP701', `T-${id}`, number, '1000.00')).toBe('taken');
}

const closeDay = (day: string) =>
  gateway.db.query(`insert into closed_day (day, closed_at) values ($1, gateway_now())`, [day]);

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  books = new Books(gateway);
  await pay('B');
}, 120_000);

afterAll(async () => {
  await gateway.stop({ fabricated: 'the day is closed without its record' });
});

it('the closed day keeps its own, and the open day refers back to it', async () => {
  await gateway.setClock('2026-11-26T08:00:00Z');
  await run();
  expect(await late()).toEqual(['2026-11-26 open']);
  await gateway.setClock('2026-11-27T08:00:00Z');
  await closeDay('2026-11-26');
  await run();
  await run();
  expect(await late()).toEqual(['2026-11-26 open', '2026-11-27 open from 2026-11-26']);
  expect(await workList()).toEqual(['2026-11-27']);

  const credit = bankEntry('2026-11-27', 100_000n);
  await importFile(gateway, bankFile('0170100000011', 'S', '2026-11-27', 0n, [credit]));
  await run();
  expect(await late()).toEqual(['2026-11-26 open', '2026-11-27 withdrawn from 2026-11-26']);
});

it('what comes after the close and before the next run is closed in the open day, not left open for ever', async () => {
  await pay('C');
  await gateway.setClock('2026-12-01T08:00:00Z');
  await run();
  await gateway.setClock('2026-12-02T08:00:00Z');
  await closeDay('2026-12-01');
  const credit = bankEntry('2026-12-02', 100_000n);
  await importFile(gateway, bankFile('0170100000011', 'S2', '2026-12-02', 100_000n, [credit]));
  await run();
  await run();
  expect((await shown()).slice(2)).toEqual([
    { businessDay: '2026-12-01', state: 'carried', from: undefined, to: '2026-12-02' },
    { businessDay: '2026-12-02', state: 'withdrawn', from: '2026-12-01', to: undefined },
  ]);
  expect((await late()).slice(2)).toEqual([
    '2026-12-01 open',
    '2026-12-02 withdrawn from 2026-12-01',
  ]);
  expect(await workList()).toEqual([]);
});

it('a part that comes goes on as short, and what was late of the closed day is done with', async () => {
  await pay('D');
  await gateway.setClock('2026-12-04T08:00:00Z');
  await run();
  await gateway.setClock('2026-12-05T08:00:00Z');
  await closeDay('2026-12-04');
  expect(await use(RunDueSettlement).execute()).toBe(true);
  expect(await workList()).toEqual(['2026-12-05']);
  await gateway.setClock('2026-12-07T08:00:00Z');
  await closeDay('2026-12-05');
  const part = bankEntry('2026-12-07', 60_000n, { remittance: 'PSP70120261202' });
  await importFile(gateway, bankFile('0170100000011', 'S3', '2026-12-07', 200_000n, [part]));
  await run();
  expect((await shown()).slice(4)).toEqual([
    { businessDay: '2026-12-04', state: 'carried', from: undefined, to: '2026-12-05' },
    { businessDay: '2026-12-05', state: 'carried', from: '2026-12-04', to: '2026-12-07' },
    { businessDay: '2026-12-07', state: 'withdrawn', from: '2026-12-05', to: undefined },
  ]);
});

it('an officer is told that nothing of the closed day is changed', async () => {
  const day = parseBusinessDay('2026-12-04');
  const [carried] = await use(WorkDiscrepancies).list({ day, limit: 1 });
  const wish = { id: carried?.id ?? 0n, resolution: 'await-rest', input: { note: 'why' } };
  await expect(use(ResolveDiscrepancy).execute(wish, 'amina')).rejects.toThrow(
    'discrepancy.day-closed',
  );
});
