/** The start's questions to a real server: this one runs without durability, which is what they must notice. */
import { Client } from 'pg';
import { openInstallation, projectRoot } from '../../src/installation';
import { buildConfig, ConfigFaults } from '../../src/platform/config/config';
import { Secrets } from '../../src/platform/config/secrets';
import { readServerState } from '../../src/platform/database/migrate';
import { sampleKeystore } from '../../tools/sandbox/sample-keys';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

const isOwnServer = !process.env['DATABASE_URL'];

it('reads the settings of its own session, the migrations and the clock', async () => {
  const state = await readServerState(database.url);
  expect(state).toMatchObject({ synchronousCommit: 'on', unknownMigrations: [] });
  expect(Math.abs(state.clockAheadMs)).toBeLessThan(2_000);
});

(isOwnServer ? it : it.skip)('refuses to start on it, with every reason at once', async () => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `insert into migrations (timestamp, name) values (9764000000000, 'FromTheFuture9764000000000')`,
  );
  await client.end();
  const settings = {
    config: buildConfig({ DATABASE_URL: database.url, SANDBOX: 'true' }, projectRoot),
    secrets: new Secrets(sampleKeystore('gateway'), Buffer.alloc(32)),
  };
  const fault: unknown = await openInstallation(settings).catch((caught: unknown) => caught);
  expect(fault).toBeInstanceOf(ConfigFaults);
  expect((fault as ConfigFaults).faults).toEqual([
    expect.stringContaining('fsync=off'),
    expect.stringContaining('full_page_writes=off'),
    expect.stringContaining('FromTheFuture9764000000000'),
  ]);
});
