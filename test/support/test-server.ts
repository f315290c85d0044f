/**
 * Throw-away PostgreSQL servers for the specs, each with a migrated template that every spec file copies. What a power
 * cut would lose is of no worth here, so they do not wait for the disk.
 */
import 'reflect-metadata';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createDataSource } from '../../src/platform/database/data-source';
import { databaseUrl, template } from './database';

export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** What jest.config.js tells a set-up. */
export interface TestProject {
  /** Folder of the program files of PostgreSQL 15; '' where there is none. */
  readonly globals: { readonly postgres15: string };
}

declare global {
  /** Filled by the set-ups, emptied by the tear-down: all run in the parent of the test workers. */
  var testServers: TestServer[] | undefined;
}

export const carelessSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/** Starts a server in a temporary folder that goes with it. */
export async function startInFolder(
  start: (dataDir: string) => Promise<TestServer>,
): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'malipo-test-'));
  chmodSync(dataDir, 0o755);
  const remove = (): void => {
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const server = await start(dataDir);
    return {
      url: server.url,
      stop: async () => {
        await closeOthers(server.url);
        await server.stop();
        remove();
      },
    };
  } catch (fault) {
    remove();
    throw fault;
  }
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

export async function stopTestServers(): Promise<void> {
  const servers = globalThis.testServers?.splice(0) ?? [];
  for (const server of servers) await server.stop();
}

/** An interrupted run would otherwise leave the servers behind: teardown does not run then. */
function stopOnSignal(): void {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => {
      void stopTestServers().finally(() => process.exit(status));
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

/** Keeps the server until the tear-down and makes its template. Returns its address. */
export async function prepareServer(server: TestServer): Promise<string> {
  if (globalThis.testServers === undefined) stopOnSignal();
  globalThis.testServers ??= [];
  globalThis.testServers.push(server);
  try {
    await createTemplate(server.url);
  } catch (fault) {
    await stopTestServers();
    throw fault;
  }
  return server.url;
}
