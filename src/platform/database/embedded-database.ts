/**
 * The default database: a real PostgreSQL server from its npm package, started on first need, adopted when it already
 * runs, and recovered after any crash. Commits are durable as on a server of one's own (toolchain.md §8).
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { findBinaries } from './embedded-binaries';
import { type Place, preparePlace } from './embedded-place';
import {
  createData,
  endPostmaster,
  greet,
  type Greeting,
  launch,
  LaunchFailure,
  urlOf,
} from './postmaster';
import { isAlive, takeStartLock } from './start-lock';
import { type ServerChange, superviseServer } from './supervise-server';

export interface EmbeddedServer {
  /** `postgres://malipo:<password>@127.0.0.1:<port>/<database>`; the port changes with every cold start. */
  readonly url: string;
  /** False when a living server was adopted. */
  readonly wasStarted: boolean;
  /**
   * Leaves the server, and stops it if nobody else is connected and it was started here or by a process that is gone.
   * Close every pool first. Returns when the server is down; a second call changes nothing.
   */
  stop(): Promise<void>;
  /**
   * From now on a server that is lost is brought back, on the same port, for as long as that takes: the pools that
   * lost it find it again. `stop` ends it. Call once.
   */
  supervise(tell: (change: ServerChange) => void): void;
}

export interface EmbeddedOptions {
  /** The database lives in `<dataDir>/postgres`. */
  readonly dataDir: string;
  /** Created if missing. Default `malipo`. */
  readonly databaseName?: string;
  /** Server settings over the ones below, for a server that this call starts; tests pass `fsync: 'off'`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
}

/** Names the process that started the server, so that another can tell whether it is gone. */
const starterSetting = 'malipo.starter';
const retryMs = 30_000;
const recoveryMs = 10 * 60_000;
const farewellMs = 1_000;

function serverSettings(extra: Readonly<Record<string, string>>): Record<string, string> {
  return {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_connections: '100',
    shared_buffers: '256MB',
    min_wal_size: '256MB',
    max_wal_size: '2GB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Errors of statements reach the gateway, which logs them; here they would only fill the disk.
    log_min_messages: 'log',
    [starterSetting]: String(process.pid),
    ...extra,
  };
}

/** The connection by which this process is seen to use the server. */
interface Presence {
  readonly greeting: Greeting;
  readonly wasStarted: boolean;
}

async function createDatabase(client: Client, name: string): Promise<void> {
  const found = await client.query('select from pg_database where datname = $1', [name]);
  if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
}

/**
 * Adopts or starts, and again until one succeeds: of a killed server the children may still hold the memory and the
 * pid file may still name a zombie, which passes within seconds.
 */
async function adoptOrStart(
  place: Place,
  options: EmbeddedOptions,
  port?: number,
): Promise<Presence> {
  const settings = serverSettings(options.settings ?? {});
  const began = performance.now();
  let wasStarted = false;
  for (;;) {
    const greeting = await greet(place);
    if (greeting === 'busy') {
      if (performance.now() - began > recoveryMs) {
        throw new Error(
          `PostgreSQL has taken no login for ten minutes; see ${place.base}/server.log.`,
        );
      }
      await pause(50);
      continue;
    }
    if (greeting) return { greeting, wasStarted };
    try {
      const binaries = await findBinaries(place);
      await createData(place, binaries, settings['fsync'] === 'on');
      await launch(place, binaries, settings, port);
      wasStarted = true;
    } catch (fault) {
      const isPassing = fault instanceof LaunchFailure && fault.isPassing;
      if (!isPassing || performance.now() - began > retryMs) throw fault;
      options.log?.('the embedded PostgreSQL is not free yet; trying again');
      await pause(200);
    }
  }
}

/** Others are given a second: a closed pool is gone for us a moment before it is for the server. */
async function isLastUser(client: Client, ownPids: readonly number[]): Promise<boolean> {
  const giveUp = performance.now() + farewellMs;
  for (;;) {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where backend_type = 'client backend' and pid <> all($1)`,
      [[...ownPids]],
    );
    if (rowCount === 0) return true;
    if (performance.now() > giveUp) return false;
    await pause(25);
  }
}

async function starterIsGone(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: string }>(`select current_setting($1) as pid`, [
    starterSetting,
  ]);
  return !isAlive(Number(rows[0]?.pid));
}

async function leave(place: Place, { greeting: presence, wasStarted }: Presence): Promise<void> {
  try {
    // A fresh login: the presence connection is dead if the server restarted its backends after a crash.
    const now = await greet(place);
    if (now === undefined || now === 'busy') return;
    try {
      if (!wasStarted && !(await starterIsGone(now.client))) return;
      if (!(await isLastUser(now.client, [presence.backendPid, now.backendPid]))) return;
      await endPostmaster(place, now.pid);
    } finally {
      await now.client.end().catch(() => undefined);
    }
  } finally {
    await presence.client.end().catch(() => undefined);
  }
}

async function locked<T>(place: Place, work: () => Promise<T>): Promise<T> {
  const release = await takeStartLock(join(place.base, 'start.lock'));
  try {
    return await work();
  } finally {
    release();
  }
}

/** Faults of the file system, which Node words for programmers, as sentences for the operator. */
function worded(fault: unknown, dataDir: string): unknown {
  const { code, path } = fault as NodeJS.ErrnoException;
  const where = path ?? dataDir;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Error(`The disk is full (while writing ${where}): free space and start again.`);
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new Error(
      `The embedded database may not use ${where}: make it writable for this user, or set DATA_DIR to another folder.`,
    );
  }
  return fault;
}

async function open(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const database = options.databaseName ?? 'malipo';
  const place = preparePlace(options.dataDir);
  return locked(place, async () => {
    let presence = await adoptOrStart(place, options);
    const { greeting, wasStarted } = presence;
    const { port } = greeting;
    try {
      await createDatabase(greeting.client, database);
    } catch (fault) {
      await leave(place, presence).catch(() => undefined);
      throw fault;
    }
    options.log?.(
      `embedded PostgreSQL ${wasStarted ? 'started' : 'found running'} on 127.0.0.1:${String(port)}, data in ${place.data}`,
    );
    let stopping: Promise<void> | undefined;
    const comeBack = async (): Promise<Greeting> => {
      const found = await locked(place, () => adoptOrStart(place, options, port));
      presence = { ...found, wasStarted: found.wasStarted || presence.wasStarted };
      return presence.greeting;
    };
    return {
      url: urlOf(place.data, port, database),
      wasStarted,
      stop: () => (stopping ??= locked(place, () => leave(place, presence))),
      supervise: (tell) => {
        superviseServer(greeting, { comeBack, isStopping: () => stopping !== undefined, tell });
      },
    };
  });
}

/**
 * Starts the embedded PostgreSQL, or adopts the one that runs on the same data (the command line beside a gateway).
 * Listens on 127.0.0.1 only, with a random password. One connection stays open until `stop`: it tells others
 * that this process uses the server even while its pool is empty. Throws an Error with one sentence for the operator.
 */
export async function startEmbeddedDatabase(options: EmbeddedOptions): Promise<EmbeddedServer> {
  try {
    return await open(options);
  } catch (fault) {
    throw worded(fault, options.dataDir);
  }
}
