/** A database that takes the question and never answers: the connection is ended, and the next one works. */
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { Database, TenantRole, type Tx } from '../../src/platform/database/database';
import { isOutage } from '../../src/platform/database/outage';
import { TimedClient } from '../../src/platform/database/timed-client';
import { TcpProxy } from '../../tools/chaos/tcp-proxy';
import { createTestDatabase, type TestDatabase } from '../support/database';

let proxy: TcpProxy;
let source: DataSource;
let reads: DataSource;
let payments: DataSource;
let database: Database;
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  const url = new URL(test.url);
  proxy = await TcpProxy.open(Number(url.port), 'postgres', 1);
  url.port = String(proxy.port);
  const open = (purpose: 'transactions' | 'reads' | 'intake') =>
    new DataSource(dataSourceOptions({ url: url.href, purpose })).initialize();
  [source, reads, payments] = await Promise.all([
    open('transactions'),
    open('reads'),
    open('intake'),
  ]);
  database = new Database(source, reads, payments, new TenantRole(true));
  await database.transaction((tx) => tx.query('create table told (n integer)'));
});

afterAll(async () => {
  proxy.set({ kind: 'none' });
  await Promise.all([source.destroy(), reads.destroy(), payments.destroy()]);
  await proxy.close();
  await test.drop();
});

async function outageOf(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => false,
    (fault: unknown) => isOutage(fault),
  );
}

it.each([
  ['lost', false, 'transaction' as const],
  ['never given', true, 'transaction' as const],
  ['lost', false, 'intake' as const],
  ['never given', true, 'intake' as const],
])(
  'a COMMIT whose answer is %s is an outage, and was done (silent: %s, %s)',
  async (_how, isSilent, kind) => {
    proxy.set({ kind: 'lose-commit', every: 1, isSilent });
    const inDoubt = database[kind]((tx) => tx.query('insert into told values (1)'));
    expect(await outageOf(inDoubt)).toBe(true);
    proxy.set({ kind: 'none' });
    expect(await database.reader.query('delete from told returning n')).toEqual([{ n: 1 }]);
  },
);

it('a connection that ends while nobody looks after it harms nobody, and says so to who asks', async () => {
  const client = new TimedClient({ connectionString: test.url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const ended = new Promise((resolve) => client.once('end', resolve));
  await database.reader.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await ended;
  expect(await outageOf(client.query('select 1'))).toBe(true);
});

it('a statement is never compiled, whatever the planner thinks of its cost', async () => {
  for (const kind of ['transaction', 'intake'] as const)
    expect(await database[kind]((tx) => tx.query('show jit'))).toEqual([{ jit: 'off' }]);
});

describe('statements that are sent together', () => {
  const tell = (tx: Tx, n: string) => tx.query('insert into told values ($1) returning n', [n]);
  afterEach(() => database.transaction((tx) => tx.query('delete from told')));
  const isThere = () => database.reader.query('select from told limit 1');

  it('give their rows in order', async () => {
    const told = database.intake((tx) =>
      tx.together(
        () => tell(tx, '1'),
        () => tell(tx, '2'),
      ),
    );
    expect(await told).toEqual([[{ n: 1 }], [{ n: 2 }]]);
  });

  it('leave nothing when one fails, not even what a step sends after the fault', async () => {
    let isSentLater = false;
    const broken = database.intake((tx) =>
      tx.together(
        () => tell(tx, '1'),
        () => tell(tx, 'none'),
        async () => {
          await tell(tx, '3').catch(() => undefined);
          await pause(50);
          isSentLater = true;
          await tell(tx, '4').catch(() => undefined);
        },
      ),
    );
    await expect(broken).rejects.toThrow('invalid input syntax');
    expect([isSentLater, await isThere()]).toEqual([true, []]);
  });

  it('tell the fault that ended the transaction, not what an earlier step is told after it', async () => {
    const broken = database.intake((tx) =>
      tx.together(
        async () => {
          await tell(tx, '1');
          await pause(50);
          await tell(tx, '2');
        },
        () => tell(tx, 'none'),
      ),
    );
    await expect(broken).rejects.toThrow('invalid input syntax');
    expect(await isThere()).toEqual([]);
  });

  it('leave nothing when a step refuses what it got', async () => {
    const refused = database.intake((tx) =>
      tx.together(
        () => tell(tx, '1'),
        async () => {
          await tell(tx, '2');
          throw new Error('not so');
        },
        async () => {
          await tell(tx, '3');
          await pause(50);
          await tell(tx, '4');
        },
      ),
    );
    await expect(refused).rejects.toThrow('not so');
    expect(await isThere()).toEqual([]);
  });
});

it('reads are not held up by transactions that have every connection', async () => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const holders = Array.from({ length: 16 }, () =>
    database.transaction(async (tx) => {
      await tx.query('select 1');
      await released;
      return database.reader.query<{ one: number }>('select 1 as one');
    }),
  );
  await pause(100);
  release();
  expect(await Promise.all(holders)).toEqual(holders.map(() => [{ one: 1 }]));
});
