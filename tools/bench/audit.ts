/**
 * Audit figures: how long `audit verify` takes over large books, as an operator runs it, against a bare sequential count
 * of the same tables in the same run. The books are seeded over fifty business days with every row that the gateway
 * keeps, and a signed message of 1.8 kB in the journal for each payment. Target: security-reliability §3.7.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Client } from 'pg';
import { formatWireInstant } from '../../src/kernel/business-day';
import { instantFromMs } from '../../src/kernel/clock';
import { projectRoot } from '../../src/installation';
import { atMost, type Tally } from './figures';
import type { Plan } from './intake/plan';
import { seedPaid } from './intake/setting';
import { describeMachine } from './machine';
import { seedBills } from './seed';
import { controlNumberKey, gfsCode, Ground, spCode } from './stage/ground';

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
] as const;

const sequentialCount = `sequential count of the ${String(tables.length)} tables`;

/** The same number of bills on each of fifty days up to today, each paid on its day. */
async function seedBooks(db: Client, count: number): Promise<void> {
  const now = performance.timeOrigin + performance.now();
  const base = {
    resultUrl: 'http://127.0.0.1:4790/psp/result/huduma-za-malipo/taarifa-za-mwisho/gepg',
    paidAt: formatWireInstant(instantFromMs(now)),
  };
  const seed = { spCode, controlNumberKey, gfsCode, amountMinor: 2_500_000n } as const;
  await db.query(`select ensure_month_partitions((current_date - $1::integer), 4)`, [days]);
  for (let ago = days - 1; ago >= 0; ago--) {
    await db.query(`update gateway_clock set clock_offset = make_interval(days => $1)`, [-ago]);
    const paid = { ...seed, count: count / days, option: 'exact', state: 'paid' } as const;
    await seedPaid(db, base, await seedBills(db, paid));
  }
  await db.query('vacuum analyze');
}

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

/** Throws with what the command said when the books are not sound: then no figure means anything. */
function auditVerify(ground: Ground, ...words: readonly string[]): void {
  try {
    execFileSync(
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
    const seeding = await secondsOf(() => ground.seed((db) => seedBooks(db, count)));
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
        const seconds = await secondsOf(() => {
          auditVerify(ground, ...words);
        });
        tally.add(name, seconds, 's', {
          sameRun: sequentialCount,
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
