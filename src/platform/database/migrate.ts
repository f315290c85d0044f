/**
 * Brings a database to the schema of this program, and checks what the books rely on. Migrations run as the owner;
 * the program itself then enters `malipo_system`, which may add to the books and not change them.
 */
import type { DataSource } from 'typeorm';
import { createDataSource } from './data-source';

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

/**
 * Sentences about settings under which an acknowledged payment could be lost; empty on a safe server
 * (security-reliability §3.5). The start refuses them.
 */
export async function unsafeSettings(url: string): Promise<readonly string[]> {
  const source = await createDataSource(url).initialize();
  try {
    const rows = await source.query<{ name: string; setting: string }[]>(
      `select name, setting from pg_settings where name in ('fsync', 'full_page_writes') and setting <> 'on'`,
    );
    return rows.map(
      ({ name, setting }) => `the database runs with ${name}=${setting}; it must be on`,
    );
  } finally {
    await source.destroy();
  }
}
