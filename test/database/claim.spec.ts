/**
 * A claim of deliveries reads as many rows as it has room for, however many are open: the planner, which knows of none
 * that is open, would read and sort them all.
 */
import { DeliveryStore } from '../../src/deliveries/delivery.store';
import { Database } from '../../src/platform/database/database';
import { TestGateway } from '../support/gateway';

const open = 3_000;
const room = 8;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.start(undefined, { isIdle: true });
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  // Statistics of a moment at which nothing is open, as the next day finds them.
  await gateway.db.query('analyze delivery');
  await gateway.db.query(
    `insert into delivery (recipient_id, kind, subject, message, url)
     select p.id, 'payment-confirmed', p.code || i, '{}', 'http://127.0.0.1:1/'
       from party p, generate_series(1, $1) i where p.code in ('SP70101', 'PSP701')`,
    [open / 2],
  );
});

afterAll(async () => {
  await gateway.stop({ fabricated: 'deliveries of no payment' });
});

it('reads no more than a few rows for each that it takes', async () => {
  const { leased, read } = await gateway.app.get(Database).transaction(async (tx) => {
    const rows = await gateway.app
      .get(DeliveryStore)
      .claim(tx, { batch: 2 * room, room, rooms: [], leaseSeconds: 45 });
    const [seen] = await tx.query<{ read: number }>(
      `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as read
         from pg_stat_xact_user_tables where relname like 'delivery%'`,
    );
    return { leased: rows, read: seen?.read ?? 0 };
  });
  expect(leased.map((each) => each.recipient_code).sort()).toEqual([
    ...Array<string>(room).fill('PSP701'),
    ...Array<string>(room).fill('SP70101'),
  ]);
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(20 * leased.length);
});
