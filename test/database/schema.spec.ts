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

describe('entities', () => {
  /** Per `table.column`: type and whether it may be null, as the database has them. */
  async function columns(): Promise<ReadonlyMap<string, { type: string; isNullable: boolean }>> {
    const { rows } = await client.query<{ name: string; type: string; isNullable: boolean }>(
      `select table_name || '.' || column_name as name,
              case when data_type = 'ARRAY' then substr(udt_name, 2) || '[]' else data_type end as type,
              is_nullable = 'YES' as "isNullable"
         from information_schema.columns where table_schema = 'public'`,
    );
    return new Map(rows.map((row) => [row.name, row]));
  }

  const aliases: Readonly<Record<string, string>> = {
    timestamptz: 'timestamp with time zone',
    int: 'integer',
    int4: 'integer',
    int8: 'bigint',
    bool: 'boolean',
  };

  it('name columns that exist, with their type, and say where they may be null', async () => {
    const real = await columns();
    const named = source.entityMetadatas.flatMap((entity) =>
      entity.columns.map((column) => {
        const base = source.driver.normalizeType(column);
        return {
          name: `${entity.tableName}.${column.databaseName}`,
          type: `${aliases[base] ?? base}${column.isArray ? '[]' : ''}`,
          isNullable: column.isNullable,
        };
      }),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.map(({ name }) => ({ name, ...real.get(name) }))).toEqual(named);
  });

  it('are keyed as their tables are', async () => {
    const { rows } = await client.query<{ name: string; key: string[] }>(
      `select c.conrelid::regclass::text as name, array_agg(a.attname::text order by a.attname) as key
         from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
        where c.contype = 'p' and c.connamespace = 'public'::regnamespace group by c.conrelid`,
    );
    const real = new Map(rows.map((row) => [row.name, row.key]));
    const named = source.entityMetadatas.map((entity) => ({
      name: entity.tableName,
      key: entity.primaryColumns.map((column) => column.databaseName).sort(),
    }));
    expect(named.map(({ name }) => ({ name, key: real.get(name) }))).toEqual(named);
  });
});
