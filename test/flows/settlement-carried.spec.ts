/** What was late in a day that is closed is worked on in the open day, and closes there when the money comes. */
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { bankEntry, bankFile, importFile } from '../support/bank';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';

let gateway: TestGateway;

const run = () => gateway.app.get(MatchSettlement, { strict: false }).execute('test');

async function late(): Promise<readonly string[]> {
  const { rows } = await gateway.db.query<{ said: string }>(
    `select business_day || ' ' || state || coalesce(' from ' || (detail->>'carriedFrom'), '') as said
       from discrepancy where kind = 'late-settlement' order by 1`,
  );
  return rows.map((row) => row.said);
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  const books = new Books(gateway);
  const number = await books.numberOf('SP70101', draft('B', { systemId: 'THOSP001' }));
  expect(await books.pay('PSP701', 'T', number, '1000.00')).toBe('taken');
}, 120_000);

afterAll(async () => {
  await gateway.stop({ fabricated: 'the day is closed without its record' });
});

it('the closed day keeps its own, and the open day refers back to it', async () => {
  await gateway.setClock('2026-11-26T08:00:00Z');
  await run();
  expect(await late()).toEqual(['2026-11-26 open']);
  await gateway.setClock('2026-11-27T08:00:00Z');
  await gateway.db.query(`insert into closed_day (day) values ('2026-11-26')`);
  await run();
  await run();
  expect(await late()).toEqual(['2026-11-26 open', '2026-11-27 open from 2026-11-26']);

  const credit = bankEntry('2026-11-27', 100_000n);
  await importFile(gateway, bankFile('0170100000011', 'S', '2026-11-27', 0n, [credit]));
  await run();
  expect(await late()).toEqual(['2026-11-26 open', '2026-11-27 withdrawn from 2026-11-26']);
});
