/** The embedded PostgreSQL: from nothing, adopted, stopped, and after every way in which a start can be cut short. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  type EmbeddedServer,
  startEmbeddedDatabase,
} from '../../src/platform/database/embedded-database';
import { packageRoot, whyNotRunning } from '../../src/platform/database/embedded-binaries';
import { isAlive } from '../../src/platform/database/start-lock';
import { createTestDatabase } from '../support/database';

const isRoot = process.getuid?.() === 0;
const opened: EmbeddedServer[] = [];
const folders: string[] = [];

/** A new DATA_DIR; `mode` is that of the folder around it, which may have a longer name. */
function newDataDir(mode = 0o755, name = ''): string {
  const parent = mkdtempSync(join(tmpdir(), `malipo-spec-${name}`));
  chmodSync(parent, mode);
  folders.push(parent);
  return join(parent, 'data');
}

async function start(dataDir: string, fsync = 'off'): Promise<EmbeddedServer> {
  const server = await startEmbeddedDatabase({ dataDir, settings: { fsync } });
  opened.push(server);
  return server;
}

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Ends the connections by which processes show that they use the server. */
async function cutPresence(url: string): Promise<void> {
  await query(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'malipo-embedded'`,
  );
}

function postmasterPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres/pg/postmaster.pid'), 'utf8').split('\n')[0]);
}

/** A pid that was given and is free again. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

async function waitUntil(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

afterEach(async () => {
  // The last started goes first: a server is stopped by its starter, once the adopters have left.
  for (const server of opened.splice(0).sort((a, b) => +a.wasStarted - +b.wasStarted)) {
    await server.stop();
  }
  for (const folder of folders.splice(0)) {
    const base = join(folder, 'data/postgres');
    if (existsSync(base)) rmSync(realpathSync(base), { recursive: true });
    rmSync(folder, { recursive: true });
  }
});

it('starts from nothing, durable, on the loopback only, under an unprivileged account', async () => {
  const dataDir = newDataDir();
  const server = await start(dataDir, 'on');
  expect(server.wasStarted).toBe(true);
  expect(server.url).toMatch(/^postgres:\/\/malipo:[0-9a-f]{48}@127\.0\.0\.1:\d+\/malipo$/);
  const settings = await query<{ name: string; setting: string }>(
    server.url,
    `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes',
       'data_checksums', 'listen_addresses', 'unix_socket_directories', 'TimeZone', 'server_version_num')`,
  );
  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    data_checksums: 'on',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    TimeZone: 'UTC',
    server_version_num: expect.stringMatching(/^18/) as string,
  });
  const data = statSync(join(dataDir, 'postgres/pg'));
  expect(data.mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, 'postgres/pg/malipo.password')).mode & 0o777).toBe(0o600);
  if (isRoot) expect(data.uid).not.toBe(0);
});

it('makes the library links that an install script would have made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'malipo-spec-'));
  folders.push(folder);
  chmodSync(folder, 0o755);
  const root = join(folder, 'package');
  cpSync(packageRoot(), root, { recursive: true, verbatimSymlinks: true });
  const links = (
    JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[]
  ).map(({ target }) => join(root, target));
  for (const link of links) rmSync(link, { force: true });
  const initdb = join(root, 'native/bin/initdb');
  expect(spawnSync(initdb, ['--version']).status).not.toBe(0);

  expect(whyNotRunning(root, undefined)).toBeUndefined();
  expect(links.every((link) => existsSync(link))).toBe(true);
  expect(spawnSync(initdb, ['--version']).status).toBe(0);
});

it('makes no socket, so that none meets a length limit or the socket of another server', async () => {
  const dataDir = newDataDir(0o755, 'n'.repeat(120));
  const { url } = await start(dataDir);
  const base = join(dataDir, 'postgres');
  expect(readFileSync(join(base, 'pg/postmaster.pid'), 'utf8').split('\n')[4]).toBe('');
  const found = [base, join(base, 'pg'), tmpdir(), '/tmp', '/var/run/postgresql']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder))
    .filter((name) => name.startsWith(`.s.PGSQL.${new URL(url).port}`));
  expect(found).toEqual([]);
});

it('refuses a wrong password', async () => {
  const server = await start(newDataDir());
  const url = server.url.replace(/malipo:\w+@/, 'malipo:guess@');
  await expect(query(url, 'select 1')).rejects.toMatchObject({ code: '28P01' });
});

it('adopts a living server, and leaves it to its starter', async () => {
  const dataDir = newDataDir();
  const first = await start(dataDir);
  await cutPresence(first.url);
  const second = await start(dataDir);
  expect(second.wasStarted).toBe(false);
  expect(second.url).toBe(first.url);
  await second.stop();
  expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

it('stops without a trace, and only when nobody else uses the server', async () => {
  const dataDir = newDataDir();
  const first = await start(dataDir);
  const pid = postmasterPid(dataDir);
  const guest = await start(dataDir);
  await first.stop();
  expect(isAlive(pid)).toBe(true);

  await guest.stop();
  const owner = await start(dataDir);
  expect(owner.wasStarted).toBe(false);
  process.kill(pid, 'SIGINT');
  await waitUntil(() => !isAlive(pid));
  const again = await start(dataDir);
  const newPid = postmasterPid(dataDir);
  await owner.stop();
  await again.stop();
  await waitUntil(() => !isAlive(newPid));
  expect(readdirSync(join(dataDir, 'postgres')).sort()).toEqual(['pg', 'server.log']);
  expect(existsSync(join(dataDir, 'postgres/pg/postmaster.pid'))).toBe(false);
});

it('recovers after kill -9 of the server, with every committed row', async () => {
  const dataDir = newDataDir();
  const first = await start(dataDir, 'on');
  await query(first.url, 'create table kept as select generate_series(1, 1000) as n');
  process.kill(postmasterPid(dataDir), 'SIGKILL');
  const second = await start(dataDir, 'on');
  expect(second.wasStarted).toBe(true);
  expect(await query(second.url, 'select count(*)::int as rows from kept')).toEqual([
    { rows: 1000 },
  ]);
});

it('brings a supervised server back on its port, after the server, a backend, and a failed start', async () => {
  const dataDir = newDataDir();
  const server = await start(dataDir, 'on');
  await query(server.url, 'create table kept as select 1 as n');
  const states: string[] = [];
  server.supervise(({ state }) => states.push(state));
  const back = (times: number) =>
    waitUntil(() => states.filter((state) => state === 'back').length === times);

  process.kill(postmasterPid(dataDir), 'SIGKILL');
  await back(1);
  expect(await query(server.url, 'select n from kept')).toEqual([{ n: 1 }]);

  const [own] = await query<{ pid: number }>(
    server.url,
    `select pid from pg_stat_activity where application_name = 'malipo-embedded'`,
  );
  process.kill(Number(own?.pid), 'SIGKILL');
  await back(2);
  expect(states).toEqual(['lost', 'back', 'lost', 'back']);

  const version = join(dataDir, 'postgres/pg/PG_VERSION');
  const text = readFileSync(version, 'utf8');
  writeFileSync(version, '17\n');
  process.kill(postmasterPid(dataDir), 'SIGKILL');
  await waitUntil(() => states.includes('failed'));
  writeFileSync(version, text);
  await back(3);
  expect(await query(server.url, 'select n from kept')).toEqual([{ n: 1 }]);
});

it('stops an adopted server whose starter was killed', async () => {
  const dataDir = newDataDir();
  const settings = { fsync: 'off', 'malipo.starter': String(deadPid()) };
  const killed = await startEmbeddedDatabase({ dataDir, settings });
  const pid = postmasterPid(dataDir);
  await cutPresence(killed.url);
  const heir = await start(dataDir);
  expect(heir.wasStarted).toBe(false);
  await heir.stop();
  await waitUntil(() => !isAlive(pid));
  await killed.stop();
});

it('steals the start lock of a dead process and clears a half-finished initdb', async () => {
  const dataDir = newDataDir();
  const base = join(dataDir, 'postgres');
  mkdirSync(join(base, 'pg.new-1234/base'), { recursive: true });
  writeFileSync(join(base, 'pg.new-1234.password'), 'old');
  writeFileSync(join(base, 'pg.new-1234/PG_VERSION'), '18');
  writeFileSync(join(base, 'start.lock'), `${String(deadPid())} 7`);
  await start(dataDir);
  expect(readdirSync(base).sort()).toEqual(['pg', 'server.log']);
});

it('takes a lock over whose pid now belongs to a stranger, when its beat has stopped', async () => {
  const dataDir = newDataDir();
  mkdirSync(join(dataDir, 'postgres'), { recursive: true });
  writeFileSync(join(dataDir, 'postgres/start.lock'), '1 3');
  const began = performance.now();
  await start(dataDir);
  expect(performance.now() - began).toBeGreaterThan(5_000);
});

it('starts once when several start together over a stale lock', async () => {
  const dataDir = newDataDir();
  mkdirSync(join(dataDir, 'postgres'), { recursive: true });
  writeFileSync(join(dataDir, 'postgres/start.lock'), `${String(deadPid())} 0`);
  const servers = await Promise.all([start(dataDir), start(dataDir), start(dataDir)]);
  expect(servers.filter((server) => server.wasStarted)).toHaveLength(1);
  expect(new Set(servers.map((server) => server.url)).size).toBe(1);
});

(isRoot ? it : it.skip)('keeps its data in /var/lib below a private folder', async () => {
  const dataDir = newDataDir(0o700);
  const first = await start(dataDir);
  expect(realpathSync(join(dataDir, 'postgres'))).toMatch(/^\/var\/lib\/malipo-/);
  await query(first.url, 'create table kept as select 1 as n');
  await first.stop();
  const second = await start(dataDir);
  expect(second.wasStarted).toBe(true);
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
});

it('says in one sentence what to do about data of another version', async () => {
  const dataDir = newDataDir();
  const first = await start(dataDir);
  await first.stop();
  writeFileSync(join(dataDir, 'postgres/pg/PG_VERSION'), '17\n');
  await expect(start(dataDir)).rejects.toThrow(/are of another major version of PostgreSQL/);
});

it('copies the migrated template for each spec file', async () => {
  const database = await createTestDatabase();
  const found = await query<{ has: boolean }>(
    database.url,
    `select to_regclass('audit_event') is not null or to_regclass('party') is not null as has`,
  );
  expect(found).toEqual([{ has: true }]);
  await database.drop();
  await expect(query(database.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
});
