/** A database that takes the question and never answers: the connection is ended, and the next one works. */
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { Database, TenantRole } from '../../src/platform/database/database';
import { isOutage } from '../../src/platform/database/outage';
import { TcpProxy } from '../../tools/chaos/tcp-proxy';
import { createTestDatabase, type TestDatabase } from '../support/database';

let proxy: TcpProxy;
let source: DataSource;
let reads: DataSource;
let database: Database;
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  const url = new URL(test.url);
  proxy = await TcpProxy.open(Number(url.port), 'postgres', 1);
  url.port = String(proxy.port);
  const open = (purpose: 'transactions' | 'reads') =>
    new DataSource(dataSourceOptions({ url: url.href, purpose })).initialize();
  [source, reads] = await Promise.all([open('transactions'), open('reads')]);
  database = new Database(source, reads, new TenantRole(true));
  await database.transaction((tx) => tx.query('create table told (n integer)'));
});

afterAll(async () => {
  proxy.set({ kind: 'none' });
  await Promise.all([source.destroy(), reads.destroy()]);
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
  ['lost', false],
  ['never given', true],
])('a COMMIT whose answer is %s is an outage, and was done', async (_how, isSilent) => {
  proxy.set({ kind: 'lose-commit', every: 1, isSilent });
  const inDoubt = database.transaction((tx) => tx.query('insert into told values (1)'));
  expect(await outageOf(inDoubt)).toBe(true);
  proxy.set({ kind: 'none' });
  expect(await database.reader.query('delete from told returning n')).toEqual([{ n: 1 }]);
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
