/** The schema: an empty database comes up, goes all the way down and up again; entities name what is really there. */
import type { Client as PgClient } from 'pg';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source';
import { createEmptyDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let source: DataSource;
let client: PgClient;

/** Everything of the schema by kind and name, and each column with its type: what `up` made and `down` must take away. */
async function things(): Promise<string[]> {
  const { rows } = await client.query<{ thing: string }>(
    `select 'relation ' || c.relkind::text || ' ' || c.relname as thing from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relname !~ '^migrations'
        and not exists (select from pg_index x where x.indexrelid = c.oid and x.indrelid = 'migrations'::regclass)
     union all
     select 'column ' || a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
            || case when a.attnotnull then ' not null' else '' end
       from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname !~ '^migrations'
        and a.attnum > 0 and not a.attisdropped
     union all
     select 'function ' || oid::regprocedure from pg_proc where pronamespace = 'public'::regnamespace
     union all
     select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
      where connamespace = 'public'::regnamespace and conrelid::regclass::text !~ '^migrations'
     union all
     select 'trigger ' || tgrelid::regclass || ' ' || tgname from pg_trigger where not tgisinternal
     union all
     select 'policy ' || polrelid::regclass || ' ' || polname from pg_policy
     order by thing`,
  );
  return rows.map((row) => row.thing);
}

beforeAll(async () => {
  database = await createEmptyDatabase();
  source = await createDataSource(database.url).initialize();
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await source.destroy();
  await database.drop();
});

it('an empty database comes up, goes down to nothing, and up again to the same', async () => {
  const count = source.migrations.length;
  expect(await source.runMigrations({ transaction: 'each' })).toHaveLength(count);
  const first = await things();
  expect(first.length).toBeGreaterThan(100);

  for (let i = 0; i < count; i++) await source.undoLastMigration({ transaction: 'each' });
  expect(await things()).toEqual([]);

  expect(await source.runMigrations({ transaction: 'each' })).toHaveLength(count);
  expect(await things()).toEqual(first);
});

it.each([
  ['bill', ['state', 'paid_minor', 'surplus_minor', 'cover_number', 'version']],
  ['bill_item', ['paid_minor']],
])(
  'no index of %s asks for what a payment changes, so that it costs none',
  async (table, moving) => {
    const { rows } = await client.query<{ definition: string }>(
      `select pg_get_indexdef(indexrelid) as definition from pg_index where indrelid = $1::regclass`,
      [table],
    );
    expect(rows.length).toBeGreaterThan(0);
    const asking = rows.filter(({ definition }) =>
      moving.some((column) => new RegExp(`\\b${column}\\b`).test(definition)),
    );
    expect(asking).toEqual([]);
  },
);
