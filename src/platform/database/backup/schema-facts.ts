/** What a database holds, asked of its catalogue: tables, references, partitions, sequences, applied migrations. */
import type { Reference, SavedSequence, TableFacts } from './manifest.rules';

/** One statement, and its rows. */
export type Ask = <Row>(sql: string) => Promise<readonly Row[]>;

/** TypeORM's own record of what is applied; made by the migrations of a restore, not copied. */
const migrationTable = 'migrations';

/** Every table of ours, partitioned ones as a whole, with the columns that are stored. */
export async function tablesOf(ask: Ask): Promise<readonly TableFacts[]> {
  return ask<TableFacts>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> '${migrationTable}' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      group by c.relname order by c.relname`,
  );
}

/** References that are checked as soon as a row comes, not at the commit. */
export async function referencesOf(ask: Ask): Promise<readonly Reference[]> {
  return ask<Reference>(
    `select distinct f.relname as "from", t.relname as "to"
       from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
      where k.contype = 'f' and not k.condeferred and k.conparentid = 0 and not f.relispartition`,
  );
}

/** First days of the months for which there are partitions. */
export async function monthsOf(ask: Ask): Promise<readonly string[]> {
  const rows = await ask<{ month: string }>(
    `select distinct replace(substring(c.relname from '_(\\d{4}_\\d\\d)$'), '_', '-') || '-01' as month
       from partitioned_table p
       join pg_inherits i on i.inhparent = to_regclass(p.table_name)
       join pg_class c on c.oid = i.inhrelid
      where c.relname ~ '_\\d{4}_\\d\\d$' order by 1`,
  );
  return rows.map(({ month }) => month);
}

export async function sequencesOf(ask: Ask): Promise<readonly SavedSequence[]> {
  return ask<SavedSequence>(
    `select sequencename as name, last_value::text as "lastValue"
       from pg_sequences where schemaname = 'public' and sequencename not like '${migrationTable}%' order by 1`,
  );
}

export async function appliedMigrations(ask: Ask): Promise<readonly string[]> {
  const [found] = await ask<{ found: boolean }>(
    `select to_regclass('public.${migrationTable}') is not null as found`,
  );
  if (found?.found !== true) return [];
  const rows = await ask<{ name: string }>(`select name from ${migrationTable} order by timestamp`);
  return rows.map(({ name }) => name);
}
