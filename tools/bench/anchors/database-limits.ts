/**
 * C, Q, F, X and B: what the database on this machine can do with the gateway's own tables, by pgbench where it is found
 * (prepared statements, the best number of clients), else by `pg` from Node, which also costs Node CPU. Over loopback
 * TCP, as the gateway connects: the embedded server has no Unix socket.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { projectRoot } from '../../../src/installation';
import { benchSql, ensureAccounts } from '../seed';
import { type Ground, pspCodes } from '../stage/ground';

export interface Limit {
  readonly perSecond: number;
  readonly clients: number;
}

export interface Workload {
  readonly script: string;
  readonly clients: readonly number[];
  /** Payments of one transaction. */
  readonly size: number;
}

export const workloads = {
  C: { script: 'one-row-insert', clients: [1, 8, 16, 32, 64], size: 1 },
  Q: { script: 'one-row-select', clients: [1, 4, 8, 16, 32], size: 1 },
  F: { script: 'payment-by-function', clients: [1, 4, 8, 16, 32, 64], size: 1 },
  X: { script: 'payment-by-statements', clients: [1, 4, 8, 16, 32, 64], size: 1 },
  B: { script: 'payments-by-batch', clients: [1, 2, 4, 8], size: 100 },
} as const satisfies Record<string, Workload>;

export function findPgbench(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  const places = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return places.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path));
}

/** Adds to a copy what the anchors need. `messages` are real bodies, so that the journal stores what it would. */
export async function prepareLimits(
  ground: Ground,
  database: string,
  messages: readonly Buffer[],
): Promise<Readonly<Record<string, string>>> {
  return ground.on(database, async (db) => {
    await db.query(benchSql('prepare-anchors.sql'));
    await ensureAccounts(db, 'psp-receivable-bench', 'sp-payable-bench');
    await db.query(
      `insert into bench_message (n, body) select place, body from unnest($1::bytea[]) with ordinality as m (body, place)`,
      [messages.slice(0, 64)],
    );
    await db.query('analyze');
    const { rows } = await db.query<{ bills: string; psp: string }>(
      `select (select count(*)::text from bench_bill) as bills, (select id::text from party where code = $1) as psp`,
      [pspCodes[0]],
    );
    return { bills: rows[0]?.bills ?? '0', psp: rows[0]?.psp ?? '0', psp_name: pspCodes[0] };
  });
}

/** The best over the numbers of clients, each for so many seconds. */
export async function limitOf(
  ground: Ground,
  database: string,
  workload: Workload,
  variables: Readonly<Record<string, string>>,
  seconds: number,
  clients: readonly number[] = workload.clients,
): Promise<Limit> {
  const pgbench = findPgbench();
  let best: Limit = { perSecond: 0, clients: 0 };
  for (const count of clients) {
    const transactions =
      pgbench === undefined
        ? await byNode(ground, database, workload, variables, seconds, count)
        : await byPgbench(pgbench, ground, database, workload, variables, seconds, count);
    const perSecond = transactions * workload.size;
    if (perSecond > best.perSecond) best = { perSecond, clients: count };
  }
  return best;
}

async function byPgbench(
  pgbench: string,
  ground: Ground,
  database: string,
  { script }: Workload,
  variables: Readonly<Record<string, string>>,
  seconds: number,
  clients: number,
): Promise<number> {
  const url = new URL(ground.urlOf(database));
  const role = ground.role === undefined ? '' : `-c role=${ground.role} `;
  const threads = Math.min(clients, Math.max(1, cpus().length / 2));
  const { stdout } = await promisify(execFile)(
    pgbench,
    [
      ...['-n', '-M', 'prepared', '-c', String(clients), '-j', String(threads)],
      ...['-T', String(seconds), '-h', url.hostname, '-p', url.port, '-U', url.username],
      ...['-f', join(projectRoot, 'tools/bench/sql', `${script}.pgbench.sql`)],
      ...Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]),
      database,
    ],
    {
      env: {
        PATH: process.env['PATH'],
        PGPASSWORD: url.password,
        PGOPTIONS: `${role}-c TimeZone=UTC -c synchronous_commit=on`,
      },
    },
  );
  const rate = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
  if (rate === undefined) throw new Error(`pgbench printed no rate: ${stdout}`);
  return Number(rate);
}

/** Only what is one statement; the single statements of X need the variables of a pgbench script. */
async function byNode(
  ground: Ground,
  database: string,
  { script }: Workload,
  variables: Readonly<Record<string, string>>,
  seconds: number,
  clients: number,
): Promise<number> {
  if (script === 'payment-by-statements') return 0;
  const names: string[] = [];
  const text = benchSql(`${script}.pgbench.sql`).replace(
    /:([a-z_]+)/g,
    (_found, name: string) => `$${String(names.push(name))}`,
  );
  const values = names.map((name) => variables[name]);
  let count = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const db = new Client({ connectionString: ground.urlOf(database) });
      await db.connect();
      if (ground.role !== undefined) await db.query(`set role ${ground.role}`);
      while (performance.now() - began < seconds * 1_000) {
        await db.query({ name: script, text, values });
        count += 1;
      }
      await db.end();
    }),
  );
  return (count * 1_000) / (performance.now() - began);
}
