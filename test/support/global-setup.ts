/**
 * Before the flow specs: one PostgreSQL server for all of them, and a migrated template that each spec file copies.
 * DATABASE_URL names a server to use in place of the embedded one; its login must be allowed to create databases.
 */
import { startEmbeddedDatabase } from '../../src/platform/database/embedded-database';
import { carelessSettings, prepareServer, startInFolder, type TestProject } from './test-server';

async function globalSetup(_config: unknown, project: TestProject): Promise<void> {
  if (project.globals.postgres15 === '') {
    process.stdout.write('\nPostgreSQL 15 smoke: skipped, no PostgreSQL 15 server is installed.\n');
  }
  const given = process.env['DATABASE_URL'] ?? '';
  const server =
    given === ''
      ? await startInFolder((dataDir) =>
          startEmbeddedDatabase({ dataDir, databaseName: 'postgres', settings: carelessSettings }),
        )
      : { url: given, stop: () => Promise.resolve() };
  process.env['MALIPO_TEST_URL'] = await prepareServer(server);
}

export = globalSetup;
