/**
 * Before the flow specs: one PostgreSQL server for all of them, and a migrated template that each spec file copies.
 * DATABASE_URL names a server to use in place of the embedded one; its login must be allowed to create databases.
 */
import 'reflect-metadata';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createDataSource } from '../../src/platform/database/data-source';
import { startEmbeddedDatabase } from '../../src/platform/database/embedded-database';
import { databaseUrl, template } from './database';

declare global {
  /** Set here, called by global-teardown: both run in the parent of the test workers. */
  var stopTestServer: (() => Promise<void>) | undefined;
}

async function closeOthers(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  await client.end();
}

/** A throw-away server: what a power cut would lose is of no worth here, so it does not wait for the disk. */
async function startServer(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'malipo-test-'));
  chmodSync(dataDir, 0o755);
  const remove = (): void => {
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const server = await startEmbeddedDatabase({
      dataDir,
      databaseName: 'postgres',
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
    });
    globalThis.stopTestServer = async () => {
      await closeOthers(server.url);
      await server.stop();
      remove();
    };
    return server.url;
  } catch (fault) {
    remove();
    throw fault;
  }
}

/** An interrupted run would otherwise leave the server behind: teardown does not run then. */
function stopOnSignal(): void {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => {
      const stopped = globalThis.stopTestServer?.() ?? Promise.resolve();
      void stopped.finally(() => process.exit(status));
    });
  }
}

async function createTemplate(server: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(`drop database if exists ${template} with (force)`);
  await client.query(`create database ${template}`);
  await client.end();
  const source = createDataSource(databaseUrl(server, template));
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'each' });
  } finally {
    // A template can be copied only while nobody is connected to it.
    await source.destroy();
  }
}

async function globalSetup(): Promise<void> {
  stopOnSignal();
  const given = process.env['DATABASE_URL'] ?? '';
  const server = given === '' ? await startServer() : given;
  try {
    await createTemplate(server);
  } catch (fault) {
    await globalThis.stopTestServer?.();
    throw fault;
  }
  process.env['MALIPO_TEST_URL'] = server;
}

export = globalSetup;
