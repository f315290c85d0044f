/**
 * The PostgreSQL server process: make its data, launch it, greet it, end it. The server writes its pid, port and state
 * into `postmaster.pid`; that file is the only record of them here, so no second one can disagree.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFile,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { type Binaries, serverEnvironment } from './embedded-binaries';
import type { Place } from './embedded-place';
import { isAlive } from './start-lock';

const ownerLogin = 'malipo';
const recoveryMs = 10 * 60_000;
const stopMs = 60_000;
const largestLog = 10_000_000;

/** The server did not start; `isPassing` when the rest of a killed predecessor, or a taken port, stood in the way. */
export class LaunchFailure extends Error {
  constructor(
    message: string,
    readonly isPassing: boolean,
  ) {
    super(message);
  }
}

interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

/** Lines of the file: pid, data folder, start second, port, socket folder, address, shared memory, state. */
function readPostmaster(data: string): Postmaster | undefined {
  const path = join(data, 'postmaster.pid');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (fault) {
    // Asked first, the file may be gone before it is read: the server takes it away when it stops.
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fault;
  }
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port, isReady: lines[7]?.trim() === 'ready' } : undefined;
}

/** Kept within the data folder: made, moved and deleted together with the data it opens. 0600 in a 0700 folder. */
function passwordPath(data: string): string {
  return join(data, 'malipo.password');
}

export function urlOf(data: string, port: number, database: string): string {
  const password = readFileSync(passwordPath(data), 'utf8');
  return `postgres://${ownerLogin}:${password}@127.0.0.1:${String(port)}/${database}`;
}

/** Turns what PostgreSQL wrote into one sentence that says what to do. */
function explain(output: string, { base }: Place): string {
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return `The disk that holds ${base} is full: free space there and start again.`;
  }
  if (output.includes('could not look up effective user ID')) {
    return `This process runs under a user id without a name, which PostgreSQL refuses: add an entry to /etc/passwd.`;
  }
  if (output.includes('initialized by PostgreSQL version')) {
    return `The data in ${base} are of another major version of PostgreSQL: run the gateway version that wrote them.`;
  }
  if (/could not (map|create) .*shared memory/.test(output)) {
    return `The machine has too little memory for PostgreSQL (it needs about 400 MB).`;
  }
  const lines = output.trim().split('\n');
  const reason = lines.findLast((line) => /(FATAL|PANIC|error):/.test(line)) ?? lines.at(-1) ?? '';
  return `The embedded PostgreSQL did not start: ${reason.trim()} (more in ${join(base, 'server.log')}).`;
}

function run(place: Place, program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...place.account,
      cwd: place.base,
      env: serverEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) {
        resolve();
        return;
      }
      const failure = new LaunchFailure(explain(output, place), false);
      // On a full disk the log cannot be written either; the sentence matters more.
      appendFile(join(place.base, 'server.log'), output, { mode: 0o600 }, () => {
        reject(failure);
      });
    });
  });
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/**
 * Makes the data folder unless it is there. It grows under a name of its own and is renamed when whole, so that a
 * killed initdb (which may even still be writing) leaves nothing that stops the next start.
 */
export async function createData(
  place: Place,
  binaries: Binaries,
  isDurable: boolean,
): Promise<void> {
  if (existsSync(place.data)) return;
  for (const name of readdirSync(place.base)) {
    if (!name.startsWith('pg.new')) continue;
    rmSync(join(place.base, name), { recursive: true, force: true, maxRetries: 3 });
  }
  const fresh = join(place.base, `pg.new-${randomBytes(4).toString('hex')}`);
  const password = `${fresh}.password`;
  writeFileSync(password, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' });
  if (place.account) chownSync(password, place.account.uid, place.account.gid);
  try {
    await run(place, binaries.initdb, [
      ...['-D', fresh, '-U', ownerLogin, `--pwfile=${password}`, '-A', 'scram-sha-256'],
      ...['-E', 'UTF8', '--locale=C', '--data-checksums', '--no-instructions'],
      ...(isDurable ? [] : ['--no-sync']),
    ]);
    renameSync(password, passwordPath(fresh));
    renameSync(fresh, place.data);
    if (isDurable) syncFolder(place.base);
  } finally {
    rmSync(password, { force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** The log goes to a file, since the server outlives this process; a long one is set aside first. */
function openLog(path: string): { file: number; readNew(): string } {
  if (existsSync(path) && statSync(path).size > largestLog) renameSync(path, `${path}.old`);
  const file = openSync(path, 'a', 0o600);
  const start = statSync(path).size;
  return { file, readNew: () => readFileSync(path).subarray(start).toString() };
}

const passing =
  /lock file "postmaster.pid"|pre-existing shared memory|Address already in use|could not bind/;

/** The port of a server that was killed: pools that lost it come back to that port, so the next server takes it. */
function lastPort(data: string): number | undefined {
  return readPostmaster(data)?.port;
}

/**
 * Starts the server and waits until it accepts logins; on `port`, else on that of a killed predecessor, else on a
 * free one. It runs in a session of its own, so that Ctrl-C in the terminal
 * does not take the database from under requests that are being finished. No Unix socket: its path would have a
 * length limit and a folder to guard, and every client comes over 127.0.0.1.
 */
export async function launch(
  place: Place,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
  port: number | undefined,
): Promise<void> {
  const all = {
    ...settings,
    listen_addresses: '127.0.0.1',
    port: String(port ?? lastPort(place.data) ?? (await freePort())),
    unix_socket_directories: '',
  };
  const log = openLog(join(place.base, 'server.log'));
  const child = spawn(
    binaries.postgres,
    [
      '-D',
      place.data,
      ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {
      ...place.account,
      cwd: place.base,
      env: serverEnvironment,
      stdio: ['ignore', log.file, log.file],
      detached: true,
    },
  );
  closeSync(log.file);
  let failure: string | undefined;
  child.on('error', (fault) => (failure = fault.message));
  child.on('exit', () => (failure ??= log.readNew()));
  const giveUp = performance.now() + recoveryMs;
  for (;;) {
    if (failure !== undefined) {
      throw new LaunchFailure(explain(failure, place), passing.test(failure));
    }
    const postmaster = readPostmaster(place.data);
    if (postmaster?.pid === child.pid && postmaster?.isReady) break;
    if (performance.now() > giveUp) {
      throw new LaunchFailure(
        `PostgreSQL is still recovering; see ${place.base}/server.log.`,
        false,
      );
    }
    await pause(10);
  }
  // What happens to the server from here on is told by its connections.
  child.removeAllListeners('exit');
  child.unref();
}

/** A login to the living server of this very data folder. */
export interface Greeting {
  readonly client: Client;
  /** Pid of the server's backend for `client`. */
  readonly backendPid: number;
  readonly pid: number;
  readonly port: number;
}

/**
 * Undefined when no server lives on the data; 'busy' when one is starting, stopping or full. The pid must be alive
 * before the password goes out: a stranger may listen on the port of a server that died. A pid alone proves nothing
 * (a zombie has one, and pids are given again), so the login must also show the same data folder.
 */
export async function greet({ data }: Place): Promise<Greeting | 'busy' | undefined> {
  const postmaster = readPostmaster(data);
  if (!postmaster || !isAlive(postmaster.pid)) return undefined;
  const { pid, port } = postmaster;
  const client = new Client({
    connectionString: urlOf(data, port, 'postgres'),
    connectionTimeoutMillis: 3_000,
    application_name: 'malipo-embedded',
  });
  // The server may end at any time; whoever holds the client learns so from its next query.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data: string; backendPid: number }>(
      `select current_setting('data_directory') as data, pg_backend_pid() as "backendPid"`,
    );
    if (rows[0]?.data === data) return { client, backendPid: rows[0].backendPid, pid, port };
  } catch (fault) {
    const code = (fault as { code?: string }).code;
    if (code === '57P03' || code === '53300') return 'busy';
  }
  await client.end().catch(() => undefined);
  return undefined;
}

/**
 * Fast shutdown: open transactions roll back, a checkpoint is written. Returns when the server has taken its pid file
 * away. (Windows has no such signal: there the server ends at once, and the next start recovers.)
 */
export async function endPostmaster({ data, base }: Place, pid: number): Promise<void> {
  process.kill(pid, 'SIGINT');
  const giveUp = performance.now() + stopMs;
  while (readPostmaster(data)?.pid === pid && isAlive(pid)) {
    if (performance.now() > giveUp) {
      throw new Error(
        `PostgreSQL (process ${String(pid)}) did not stop within 60 s; see ${base}/server.log.`,
      );
    }
    await pause(10);
  }
}
