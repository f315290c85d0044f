/**
 * Ctrl-C in a terminal goes to every process of its group at once. The gateway, as built and with its own database,
 * finishes; the database under it does not hear the signal: what is under way when it comes is committed.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { projectRoot } from '../../src/installation';
import { startEmbeddedDatabase } from '../../src/platform/database/embedded-database';

jest.setTimeout(180_000);

let folder: string;

beforeAll(() => {
  execFileSync(process.execPath, ['tools/prepare.mjs'], { cwd: projectRoot });
  folder = mkdtempSync(join(tmpdir(), 'malipo-interrupt-'));
  chmodSync(folder, 0o755);
});

afterAll(() => {
  rmSync(realpathSync(join(folder, 'postgres')), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as { port: number }).port);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The program at the head of a process group of its own, as a terminal starts it. */
async function startProgram(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(projectRoot, 'dist/src/main.js')], {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      PORT: String(await freePort()),
      DATA_DIR: folder,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  while (!said.includes('is ready')) {
    if (child.exitCode !== null) throw new Error(`the program ended:\n${said}`);
    await pause(20);
  }
  return child;
}

it('lets work under way come to its end when Ctrl-C goes to the whole group', async () => {
  const program = await startProgram();
  const guest = await startEmbeddedDatabase({ dataDir: folder });
  const db = new Client({ connectionString: guest.url });
  try {
    const pid = readFileSync(join(folder, 'postgres/pg/postmaster.pid'), 'utf8').split('\n')[0];
    await db.connect();
    await db.query('begin');
    await db.query(`create table interrupted as select 1 as n`);
    const ended = new Promise<number | null>((resolve) => program.once('exit', resolve));
    process.kill(-(program.pid ?? 0), 'SIGINT');
    expect(await ended).toBe(0);

    await db.query('commit');
    expect((await db.query<{ n: number }>('select n from interrupted')).rows).toEqual([{ n: 1 }]);
    const still = readFileSync(join(folder, 'postgres/pg/postmaster.pid'), 'utf8').split('\n')[0];
    expect(still).toBe(pid);
  } finally {
    await db.end();
    await guest.stop();
    if (program.exitCode === null) program.kill('SIGKILL');
  }
});
