/**
 * Fills an empty database from a backup: the schema by the migrations that the backup names, the rows by COPY, the
 * sequences, all in one transaction. Every file is checked before anything is written. Triggers are off meanwhile (they
 * guard the making of rows, and these were made before); references are checked, so the owner's login is enough.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { Refusal } from '../../../kernel/refusal';
import { createDataSource } from '../data-source';
import { fillOrder, type Manifest, manifestFile, readManifest } from './manifest.rules';
import { type Ask, referencesOf, tablesOf } from './schema-facts';

export interface RestoreSummary {
  readonly madeAt: string;
  readonly tables: number;
  readonly rows: number;
}

function damaged(what: string): Refusal {
  return new Refusal('backup.damaged', `the backup is damaged: ${what}; nothing was written`);
}

/** Reads every file once before the database is touched. Refuses: backup.unreadable, backup.damaged. */
async function checkFiles(folder: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(folder, manifestFile), 'utf8');
  } catch {
    throw new Refusal('backup.unreadable', `there is no backup in ${folder}`);
  }
  const manifest = readManifest(text);
  for (const { file, bytes, sha256 } of manifest.tables) {
    const hash = createHash('sha256');
    let length = 0;
    try {
      for await (const chunk of createReadStream(join(folder, file)) as AsyncIterable<Buffer>) {
        hash.update(chunk);
        length += chunk.length;
      }
    } catch {
      throw damaged(`${file} cannot be read`);
    }
    if (length !== bytes) throw damaged(`${file} has ${String(length)} of ${String(bytes)} bytes`);
    if (hash.digest('hex') !== sha256) throw damaged(`the content of ${file} was changed`);
  }
  return manifest;
}

function requireKnownSchema(source: DataSource, manifest: Manifest): void {
  const known = new Set(source.migrations.map(({ name }) => name));
  const [unknown] = manifest.migrations.filter((name) => !known.has(name)).slice(-1);
  if (unknown !== undefined) {
    throw new Refusal(
      'backup.newer',
      `the backup is of a newer version than this program (it has ${unknown}); restore it with that version`,
    );
  }
}

async function requireEmpty(ask: Ask): Promise<void> {
  const [found] = await ask<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') limit 1`,
  );
  if (found !== undefined) {
    throw new Refusal(
      'backup.target-not-empty',
      `the database is not empty (it has the table ${found.name}): restore into a new one, or set DATA_DIR to a new folder`,
      'conflict',
    );
  }
}

async function makeSchema(
  source: DataSource,
  runner: QueryRunner,
  manifest: Manifest,
): Promise<void> {
  const executor = new MigrationExecutor(source, runner);
  executor.transaction = 'none';
  const wanted = new Set(manifest.migrations);
  for (const migration of await executor.getPendingMigrations()) {
    if (wanted.has(migration.name)) await executor.executeMigration(migration);
  }
  for (const month of manifest.months) {
    await runner.query(`select ensure_month_partitions($1, 1)`, [month]);
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

async function fill(
  runner: QueryRunner,
  ask: Ask,
  folder: string,
  manifest: Manifest,
): Promise<void> {
  const present = (await tablesOf(ask)).map(({ name }) => name);
  const saved = new Map(manifest.tables.map((table) => [table.name, table]));
  if (present.length !== saved.size || !present.every((name) => saved.has(name))) {
    throw damaged('its tables are not those of its schema');
  }
  const order = fillOrder(present, await referencesOf(ask));
  for (const name of order) await runner.query(`alter table ${quoted(name)} disable trigger user`);
  // Migrations put rows into some tables (the clock, the list of partitioned ones); those of the backup replace them.
  for (const name of [...order].reverse()) await runner.query(`delete from ${quoted(name)}`);
  const client = (await runner.connect()) as PoolClient;
  for (const name of order) {
    const table = saved.get(name);
    if (table === undefined) continue;
    const columns = table.columns.map(quoted).join(', ');
    const rows = client.query(copyFrom(`copy ${quoted(name)} (${columns}) from stdin`));
    await pipeline(createReadStream(join(folder, table.file)), createGunzip(), rows);
    if (rows.rowCount !== table.rows) {
      throw damaged(`${table.file} has ${String(rows.rowCount)} of ${String(table.rows)} rows`);
    }
  }
  // What is checked at the commit is checked now: triggers cannot be switched on while checks are waiting.
  await runner.query(`set constraints all immediate`);
  for (const name of order) await runner.query(`alter table ${quoted(name)} enable trigger user`);
  for (const { name, lastValue } of manifest.sequences) {
    await runner.query(
      `select setval($1::regclass, coalesce($2::bigint, 1), $2::bigint is not null)`,
      [quoted(name), lastValue],
    );
  }
}

/**
 * Refuses: backup.unreadable, backup.manifest-malformed, backup.damaged, backup.newer, backup.target-not-empty. After a
 * refusal or a fault the database is as it was.
 */
export async function restoreBackup(url: string, from: string): Promise<RestoreSummary> {
  const folder = resolve(from);
  const manifest = await checkFiles(folder);
  const source = await createDataSource(url).initialize();
  const runner = source.createQueryRunner();
  try {
    requireKnownSchema(source, manifest);
    await runner.startTransaction();
    await runner.query(`set local statement_timeout = 0`);
    const ask: Ask = async <Row>(sql: string) => (await runner.query(sql)) as Row[];
    // A gateway that starts meanwhile waits here, and then finds the restored schema.
    await ask(`select pg_advisory_xact_lock(hashtext('malipo.migrate'))`);
    await requireEmpty(ask);
    await makeSchema(source, runner, manifest);
    await fill(runner, ask, folder, manifest);
    await ask(`analyze`);
    await runner.commitTransaction();
  } catch (fault) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw fault;
  } finally {
    await runner.release();
    await source.destroy();
  }
  return {
    madeAt: manifest.madeAt,
    tables: manifest.tables.length,
    rows: manifest.tables.reduce((sum, table) => sum + table.rows, 0),
  };
}
