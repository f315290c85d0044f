/**
 * Reconciliation figures: a business day of n payments and n lines of their PSP, one in a hundred of them with a planted
 * defect of one of ten kinds, from the file to the sealed day, through the product's own use cases; for growing n.
 * Each is held against a bare COPY of the same file and a bare hash join of the same tables, measured in the same run.
 * A run that does not find every planted defect, or finds another, is no figure but a fault. Issue 6, `Proof`.
 */
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { BusinessDay } from '../../src/kernel/business-day';
import { atMost, type Tally } from './figures';
import { freePort, Helper } from './child';
import type { Plan } from './intake/plan';
import { environmentFor } from './intake/setting';
import { describeMachine } from './machine';
import { type Answer, officers, type Order, type Step, type Took } from './reconcile/step';
import { benchSql, seedBills, seedPayments } from './seed';
import {
  collectionAccount,
  controlNumberKey,
  gfsCode,
  Ground,
  pspCodes,
  spCode,
} from './stage/ground';

const quickSizes = [1_000, 10_000];
const fullSizes = [10_000, 100_000];
const largeSize = 1_000_000;
/** Twice the work for twice the rows is 1; beyond this it is not near linear. */
const mostGrowth = 1.5;
const pspCode = pspCodes[0];

interface Day {
  readonly ground: Ground;
  readonly database: string;
  readonly size: number;
  readonly pspId: number;
  readonly day: BusinessDay;
  readonly dayBefore: BusinessDay;
  readonly lines: number;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

const fileOf = (day: Day, name: string): string =>
  join(day.ground.folder, `${day.database}-${name}.csv`);

/** The payments of yesterday, and what the PSP says of them, as files. */
async function prepare(ground: Ground, database: string, size: number): Promise<Day> {
  return ground.on(database, async (db) => {
    await db.query(`update gateway_clock set clock_offset = interval '-1 day'`);
    await db.query(`select ensure_month_partitions(business_day_of(gateway_now()), 2)`);
    const amountMinor = 2_500_000n;
    const bills = {
      spCode,
      controlNumberKey,
      count: size,
      option: 'exact',
      state: 'paid',
    } as const;
    const numbers = await seedBills(db, { ...bills, amountMinor, gfsCode });
    const message = Buffer.from('<seeded/>');
    await seedPayments(db, { spCode, pspCode, collectionAccount, gfsCode, numbers, message });
    const columns = `id text, control_number text, amount_minor bigint, currency text, receipt text, paid_at timestamptz`;
    await db.query(`create table bench_line (${columns}); create table bench_line_before (${columns});
                    create table bench_plant (kind text, subject text)`);
    const { rows } = await db.query<Pick<Day, 'pspId' | 'day' | 'dayBefore'>>(
      `select p.id as "pspId", business_day_of(gateway_now())::text as day,
              (business_day_of(gateway_now()) - 1)::text as "dayBefore" from party p where p.code = $1`,
      [pspCode],
    );
    const [which] = rows;
    if (which === undefined) throw new Error(`${pspCode} is not enrolled`);
    const planted = await db.query<{ lines: number }>(benchSql('plant-defects.sql'), [
      which.pspId,
      which.day,
    ]);
    const day = { ground, database, size, ...which, lines: planted.rows[0]?.lines ?? 0 };
    await writeFileOf(db, day, 'bench_line');
    await writeFileOf(db, day, 'bench_line_before');
    await db.query(`update gateway_clock set clock_offset = interval '0'`);
    await db.query('vacuum analyze');
    return day;
  });
}

async function writeFileOf(db: Client, day: Day, table: string): Promise<void> {
  await pipeline(
    db.query(
      copyTo(`copy (select id as transaction_id, control_number, amount_minor / 100 || '.' || lpad((amount_minor % 100)::text, 2, '0') as amount,
                           currency, to_char(paid_at at time zone 'Africa/Dar_es_Salaam', 'YYYY-MM-DD"T"HH24:MI:SS') as paid_at,
                           receipt as receipt_number from ${table} order by id) to stdout (format csv, header)`),
    ),
    createWriteStream(fileOf(day, table)),
  );
}

async function bareCopy(day: Day): Promise<number> {
  return day.ground.on(day.database, async (db) => {
    await db.query(`create table bench_copy (transaction_id text, control_number text, amount text, currency text,
                                             paid_at text, receipt_number text)`);
    const seconds = await secondsOf(() =>
      pipeline(
        createReadStream(fileOf(day, 'bench_line')),
        db.query(copyFrom(`copy bench_copy from stdin (format csv, header)`)),
      ),
    );
    await db.query('drop table bench_copy');
    return seconds;
  });
}

async function bareJoin(day: Day): Promise<number> {
  return day.ground.on(day.database, async (db) => {
    await db.query(`set enable_nestloop = off; set enable_mergejoin = off; set jit = off;
                    set max_parallel_workers_per_gather = 0`);
    return secondsOf(() =>
      db.query(
        `select count(*) from statement_line l join payment p
             on p.psp_transaction_id = l.psp_transaction_id and p.amount_minor = l.amount_minor
          where p.psp_id = $1 and p.business_day = $2`,
        [day.pspId, day.day],
      ),
    );
  });
}

/** Throws where the runs found anything but what was planted. */
async function compareFound(day: Day): Promise<void> {
  const { rows } = await day.ground.on(day.database, (db) =>
    db.query<{ kind: string; subject: string; side: string }>(benchSql('found-defects.sql'), [
      day.pspId,
      day.day,
    ]),
  );
  if (rows.length > 0)
    throw new Error(
      `${String(rows.length)} defects of ${String(day.size)} payments differ: ${JSON.stringify(rows.slice(0, 10))}`,
    );
}

/** What officers decide is not measured: all open discrepancies of the day, at once. */
async function decideAll(day: Day): Promise<void> {
  await day.ground.on(day.database, (db) =>
    db.query(
      `update discrepancy set state = 'resolved', closed_at = gateway_now(), revision = revision + 1
        where psp_id = $1 and business_day = $2 and state = 'open'`,
      [day.pspId, day.day],
    ),
  );
}

type Named = readonly [name: string, step: Step];

/** The process that the product runs in, and how long a bare COPY and a bare hash join of this day take. */
interface Bench {
  readonly tally: Tally;
  readonly process: Helper;
  readonly say: (line: string) => void;
  readonly copySeconds: number;
  joinSeconds?: number;
}

async function ask(process: Helper, order: Order): Promise<Took> {
  const answer = await process.ask<Answer>(order);
  if ('fault' in answer) throw new Error(answer.fault);
  return answer;
}

const label = (name: string, { size }: Day): string =>
  `${name}, ${size.toLocaleString('en')} payments`;

async function measure(
  bench: Bench,
  day: Day,
  steps: readonly Named[],
): Promise<[string, number][]> {
  const took: [string, number][] = [];
  for (const [name, step] of steps) {
    const { seconds, peakMB, atRestMB, stillMs } = await ask(bench.process, { kind: 'step', step });
    const { copySeconds, joinSeconds } = bench;
    took.push([name, seconds]);
    bench.say(`${label(name, day)}: ${seconds.toFixed(1)} s`);
    bench.tally.add(label(name, day), day.size / seconds, 'rows per second', {
      detail: {
        seconds: seconds.toFixed(3),
        peakMB,
        atRestMB,
        loopStillMs: stillMs,
        timesCopy: (seconds / copySeconds).toFixed(1),
        ...(joinSeconds === undefined ? {} : { timesHashJoin: (seconds / joinSeconds).toFixed(1) }),
      },
    });
  }
  return took;
}

async function measureDay(
  tally: Tally,
  day: Day,
  process: Helper,
  say: (line: string) => void,
): Promise<Map<string, number>> {
  const { day: on, dayBefore } = day;
  const copySeconds = await bareCopy(day);
  tally.add(label('bare COPY of the file', day), day.lines / copySeconds, 'rows per second', {
    detail: {
      seconds: copySeconds.toFixed(3),
      fileMB: (statSync(fileOf(day, 'bench_line')).size / 1_048_576).toFixed(1),
    },
  });
  const bench: Bench = { tally, process, say, copySeconds };
  const before = fileOf(day, 'bench_line_before');
  await ask(process, {
    kind: 'step',
    step: { kind: 'import', pspCode, day: dayBefore, file: before },
  });
  await ask(process, { kind: 'step', step: { kind: 'match', day: dayBefore } });
  const file = fileOf(day, 'bench_line');
  const imported = await measure(bench, day, [
    ['import', { kind: 'import', pspCode, day: on, file }],
  ]);
  bench.joinSeconds = await bareJoin(day);
  tally.add(label('bare hash join', day), day.size / bench.joinSeconds, 'rows per second', {
    detail: { seconds: bench.joinSeconds.toFixed(3) },
  });
  const matched = await measure(bench, day, [['match', { kind: 'match', day: on }]]);
  await compareFound(day);
  const read = await measure(bench, day, [
    ['match again', { kind: 'match', day: on }],
    ['report of the day', { kind: 'day-report', day: on }],
    ['report: receipts as CSV', { kind: 'report', name: 'receipts', format: 'csv', day: on }],
    [
      'report: discrepancies as XLSX',
      { kind: 'report', name: 'discrepancies', format: 'xlsx', day: on },
    ],
    [
      'report: discrepancies as PDF',
      { kind: 'report', name: 'discrepancies', format: 'pdf', day: on },
    ],
  ]);
  await compareFound(day);
  await decideAll(day);
  const [first, second] = officers;
  await ask(process, {
    kind: 'step',
    step: { kind: 'propose', day: dayBefore, officer: first.name },
  });
  await ask(process, {
    kind: 'step',
    step: { kind: 'approve', day: dayBefore, officer: second.name },
  });
  const closed = await measure(bench, day, [
    ['close: the page of the day', { kind: 'glance', day: on }],
    ['close: conditions and digest', { kind: 'outlook', day: on }],
    ['close: propose', { kind: 'propose', day: on, officer: first.name }],
    ['close: approve and seal', { kind: 'approve', day: on, officer: second.name }],
    ['close: verify the sealed day', { kind: 'verify', day: on }],
  ]);
  return new Map([...imported, ...matched, ...read, ...closed]);
}

function addGrowth(
  tally: Tally,
  sizes: readonly number[],
  took: readonly Map<string, number>[],
): void {
  sizes.slice(1).forEach((size, i) => {
    const before = sizes[i] ?? size;
    for (const [name, seconds] of took[i + 1] ?? []) {
      const growth = seconds / (took[i]?.get(name) ?? Number.NaN) / (size / before);
      const between = `${before.toLocaleString('en')} to ${size.toLocaleString('en')}`;
      tally.add(`growth of ${name}, ${between}`, growth, 'times linear', {
        targets: [atMost('value', mostGrowth)],
      });
    }
  });
}

export async function measureReconcile(
  tally: Tally,
  plan: Plan,
  say: (line: string) => void,
  stopping: AbortSignal,
): Promise<Readonly<Record<string, number | string>>> {
  const ground = await Ground.open(await freePort());
  const close = (): void => void ground.close();
  stopping.addEventListener('abort', close);
  try {
    const machine = describeMachine(ground.folder, await ground.version());
    const sizes = plan.isQuick ? quickSizes : plan.size > 0 ? [...fullSizes, largeSize] : fullSizes;
    const took: Map<string, number>[] = [];
    for (const size of sizes) {
      const database = await ground.copy();
      say(`seeding ${String(size)} payments`);
      const day = await prepare(ground, database, size);
      say(`measuring ${String(size)} payments and ${String(day.lines)} lines`);
      const process = Helper.start('reconcile');
      try {
        const environment = { ...environmentFor(ground, database, 'all'), LOG_LEVEL: 'silent' };
        await ask(process, { kind: 'open', environment });
        took.push(await measureDay(tally, day, process, say));
      } finally {
        await process.stop();
      }
      await ground.drop(database);
    }
    addGrowth(tally, sizes, took);
    return machine;
  } finally {
    stopping.removeEventListener('abort', close);
    await ground.close();
  }
}
