/**
 * Brings a database to the schema of this program, and reads the state that decides whether it may hold them. Migrations run as the owner;
 * the program itself then enters `malipo_system`, which may add to the books and not change them.
 */
import type { DataSource } from 'typeorm';
import { SystemClock } from '../../kernel/clock';
import { createDataSource } from './data-source';
import type { ServerState } from './server-safety.rules';

export interface MigratedDatabase {
  readonly applied: readonly string[];
  /** The role that connections enter; absent where the login could not create roles. */
  readonly role: string | undefined;
}

async function hasSystemRole(source: DataSource): Promise<boolean> {
  const [row] = await source.query<{ found: boolean }[]>(
    `select coalesce(bool_or(pg_has_role(current_user, oid, 'member')), false) as found
       from pg_roles where rolname = 'malipo_system'`,
  );
  return row?.found === true;
}

/** One migrator at a time: several instances start together, and the second waits on the advisory lock. */
export async function migrate(url: string): Promise<MigratedDatabase> {
  const source = await createDataSource(url).initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query(`select pg_advisory_lock(hashtext('malipo.migrate'))`);
    const applied = await source.runMigrations({ transaction: 'each' });
    await runner.query(`select align_audit_era()`);
    const role = (await hasSystemRole(source)) ? 'malipo_system' : undefined;
    return { applied: applied.map((each) => each.name), role };
  } finally {
    await runner
      .query(`select pg_advisory_unlock(hashtext('malipo.migrate'))`)
      .catch(() => undefined);
    await runner.release();
    await source.destroy();
  }
}

/** What `serverFaults` judges, asked in a session like the program's own, before anything is written. */
export async function readServerState(url: string): Promise<ServerState> {
  const source = await createDataSource(url).initialize();
  try {
    const clock = new SystemClock();
    const known = new Set(source.migrations.map(({ name }) => name));
    const applied = await source.query<{ name: string }[]>(
      `select to_regclass('public.migrations')::text as name where to_regclass('public.migrations') is not null`,
    );
    const names =
      applied.length === 0
        ? []
        : await source.query<{ name: string }[]>(`select name from migrations order by timestamp`);
    const askedAt = clock.now().getTime();
    const [row] = await source.query<
      { fsync: string; fullPageWrites: string; synchronousCommit: string; now: Date }[]
    >(
      `select current_setting('fsync') as fsync, current_setting('full_page_writes') as "fullPageWrites",
              current_setting('synchronous_commit') as "synchronousCommit", clock_timestamp() as now`,
    );
    const answeredAt = clock.now().getTime();
    if (row === undefined) throw new Error('the database does not tell its settings');
    const { now, ...settings } = row;
    const theirs = now.getTime();
    return {
      ...settings,
      unknownMigrations: names.map(({ name }) => name).filter((name) => !known.has(name)),
      // It looked at its clock at some moment between our two looks.
      clockAheadMs:
        theirs > answeredAt ? theirs - answeredAt : theirs < askedAt ? theirs - askedAt : 0,
    };
  } finally {
    await source.destroy();
  }
}
