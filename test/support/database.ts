/** A migrated database of its own for each spec file: a copy of the template, so specs cannot see each other's rows. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export const template = 'malipo_template';

export interface TestDatabase {
  readonly url: string;
  /** Ends every connection that is left and removes the database. */
  drop(): Promise<void>;
}

/** The same server and login, another database. */
export function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer<T>(work: (client: Client, server: string) => Promise<T>): Promise<T> {
  const server = process.env['MALIPO_TEST_URL'];
  if (!server) throw new Error('no test server: specs that need one belong below test/');
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    return await work(client, server);
  } finally {
    await client.end();
  }
}

/** A database with nothing in it, for the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createFrom('template0');
}

/** Call in `beforeAll`; `drop` in `afterAll`, after the pools are closed. About 50 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return createFrom(template);
}

async function createFrom(model: string): Promise<TestDatabase> {
  const name = `malipo_test_${randomBytes(6).toString('hex')}`;
  const url = await onServer(async (client, server) => {
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    );
    // Copying files is the only way before PostgreSQL 15, and the fast one for a small template since.
    const strategy = (rows[0]?.version ?? 0) >= 150_000 ? 'strategy file_copy' : '';
    await client.query(`create database ${name} template ${model} ${strategy}`);
    return databaseUrl(server, name);
  });
  return {
    url,
    drop: () =>
      onServer(async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}
