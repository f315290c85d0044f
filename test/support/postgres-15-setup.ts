/**
 * Before the smoke specs: a throw-away server of PostgreSQL 15, the oldest one supported, from the program files that
 * jest.config.js found on the machine (rulings.md §11). It is made and run as the embedded one is, under an
 * unprivileged account.
 */
import { join } from 'node:path';
import { preparePlace } from '../../src/platform/database/embedded-place';
import {
  createData,
  endPostmaster,
  greet,
  launch,
  urlOf,
} from '../../src/platform/database/postmaster';
import {
  carelessSettings,
  prepareServer,
  startInFolder,
  type TestProject,
  type TestServer,
} from './test-server';

async function start(dataDir: string, folder: string): Promise<TestServer> {
  const binaries = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
  const place = preparePlace(dataDir);
  await createData(place, binaries, false);
  await launch(place, binaries, carelessSettings, undefined);
  const greeting = await greet(place);
  if (greeting === undefined || greeting === 'busy')
    throw new Error('PostgreSQL 15 gives no login');
  const { client, pid, port } = greeting;
  await client.end();
  return {
    url: urlOf(place.data, port, 'postgres'),
    stop: () => endPostmaster(place, pid),
  };
}

async function setup(_config: unknown, { globals }: TestProject): Promise<void> {
  const server = await startInFolder((dataDir) => start(dataDir, globals.postgres15));
  process.env['MALIPO_TEST_URL_15'] = await prepareServer(server);
}

export = setup;
