/**
 * Audit figures: how long `audit verify` takes over large books, as an operator runs it, against a bare sequential count
 * of the same tables in the same run. The books are seeded over fifty business days with every row that the gateway
 * keeps, sealed as the worker seals them, and a signed message of 1.8 kB in the journal for each payment. Target:
 * security-reliability §3.7.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { Client } from 'pg';
import { SealFeed } from '../../src/deliveries/seal-feed';
import { projectRoot } from '../../src/installation';
import { SealAudit } from '../../src/platform/audit/seal-audit';
import { atMost, type Tally } from './figures';
import type { Plan } from './intake/plan';
import { seedBooks } from './intake/setting';
import { describeMachine, endedCpuMsOf } from './machine';
import { controlNumberKey, Ground } from './stage/ground';

const fullCount = 1_000_000;
const quickCount = 20_000;
const days = 50;
const limitSeconds = 60;

const tables = [
  'payment',
  'payment_notification',
  'payment_allocation',
  'ledger_entry',
  'posting',
  'bill',
  'bill_item',
  'control_number',
  'delivery',
  'delivery_attempt',
  'inbound_message',
  'audit_event',
  'feed_event',
] as const;

const sequentialCount = `sequential count of the ${String(tables.length)} tables`;

async function secondsOf(work: () => Promise<void> | void): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

async function countAll(db: Client): Promise<void> {
  await db.query(
    `set max_parallel_workers_per_gather = 0; set enable_indexonlyscan = off; set enable_bitmapscan = off; set jit = off`,
  );
  for (const table of tables) await db.query(`select count(*) from ${table}`);
}

async function sealAll(app: INestApplicationContext): Promise<void> {
  for (const job of [SealFeed, SealAudit]) {
    const sealer = app.get<SealFeed | SealAudit>(job, { strict: false });
    while (await sealer.execute());
  }
}

/** The seconds of each invariant that took a tenth of a second or more. */
function timesIn(said: string): Readonly<Record<string, number>> {
  const [, list = ''] = /^Seconds by invariant, two at a time: (.*)\.$/m.exec(said) ?? [];
  const times = list.split(', ').map((each) => each.split(' '));
  return Object.fromEntries(
    times
      .map(([invariant = '', seconds]): [string, number] => [
        `invariant${invariant}`,
        Number(seconds),
      ])
      .filter(([, seconds]) => seconds > 0),
  );
}

/** Gives what it said. Throws with that when the books are not sound: then no figure means anything. */
function auditVerify(ground: Ground, ...words: readonly string[]): string {
  try {
    return execFileSync(
      process.execPath,
      [join(projectRoot, 'dist/src/cli.js'), 'audit', 'verify', ...words],
      {
        cwd: projectRoot,
        env: {
          PATH: process.env['PATH'],
          DATABASE_URL: ground.urlOf('seeded'),
          DATA_DIR: ground.folder,
          CONTROL_NUMBER_KEY: controlNumberKey.toString('hex'),
          SANDBOX: 'true',
          LOG_LEVEL: 'silent',
        },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  } catch (fault) {
    const { stdout, stderr } = fault as { stdout?: string; stderr?: string };
    throw new Error(`audit verify failed on the seeded books:\n${stdout ?? ''}${stderr ?? ''}`);
  }
}

export async function measureAudit(
  tally: Tally,
  plan: Plan,
  say: (line: string) => void,
  stopping: AbortSignal,
): Promise<Readonly<Record<string, number | string>>> {
  const ground = await Ground.open(4_790);
  const close = (): void => void ground.close();
  stopping.addEventListener('abort', close);
  try {
    const count = plan.isQuick ? quickCount : fullCount;
    say(`seeding ${String(count)} bills, payments and messages over ${String(days)} days`);
    const seeding = await secondsOf(() => ground.seed((db) => seedBooks(db, count, days)));
    say('sealing feeds and audit trail, as the worker does');
    await ground.inApp(sealAll);
    await ground.seed((db) => db.query('vacuum analyze'));
    tally.add('rows seeded: payments', count, 'payments', {
      detail: { seconds: Math.round(seeding) },
    });
    const machine = describeMachine(ground.folder, await ground.version());
    const today = await ground.seed(async (db) => {
      const { rows } = await db.query<{ day: string }>(
        `select business_day_of(gateway_now())::text as day`,
      );
      return rows[0]?.day ?? '';
    });
    for (let round = 1; round <= plan.rounds; round++) {
      say(`round ${String(round)} of ${String(plan.rounds)}`);
      tally.add(sequentialCount, await secondsOf(() => ground.seed(countAll)), 's');
      const measure = async (name: string, words: readonly string[], limit?: number) => {
        let said = '';
        // On a machine with other work the seconds are no claim; what the processors did still is.
        const busy = (): readonly number[] =>
          [process.pid, ground.postgresPid].map((pid) => endedCpuMsOf(pid) / 1_000);
        const before = busy();
        const seconds = await secondsOf(() => {
          said = auditVerify(ground, '--times', ...words);
        });
        tally.add(name, seconds, 's', {
          sameRun: sequentialCount,
          detail: {
            ...Object.fromEntries(
              busy().map((after, i) => [
                i === 0 ? 'cpuSecondsCommand' : 'cpuSecondsPostgres',
                Math.round((after - (before[i] ?? 0)) * 10) / 10,
              ]),
            ),
            ...timesIn(said),
          },
          ...(limit === undefined ? {} : { targets: [atMost('value', limit)] }),
        });
        return seconds;
      };
      const full = await measure('audit verify --full', ['--full'], limitSeconds);
      tally.add('entries verified, signatures included', count / full, 'per second');
      await measure('audit verify', []);
      await measure('audit verify --since today', ['--since', today]);
    }
    return machine;
  } finally {
    stopping.removeEventListener('abort', close);
    await ground.close();
  }
}
