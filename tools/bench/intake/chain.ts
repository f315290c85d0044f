/**
 * The sustained chain: payments in, and for each the final result to the PSP and the confirmation to the institution
 * encoded, signed, sent, acknowledged and recorded, all on this machine. The load follows the backlog: it grows while
 * fewer than a thousand deliveries are open, and is a tenth below what is delivered while there are more, so the rate
 * found is one that the chain can keep.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Helper } from '../child';
import { median } from '../figures';
import type { Order, Outcome } from '../load/job';
import { residentMb } from '../machine';
import { messageFile } from '../messages';
import { count, inRound, jobFor, notificationSet, type Setting } from './setting';
import { throughputName } from './throughput';

interface Sample {
  readonly atMs: number;
  readonly open: number;
  readonly delivered: number;
  readonly residentMb: number;
}

const allowedBacklog = 1_000;
const growth = 1.05;
const shareOfDelivered = 0.9;
const connections = 64;
/** Part of the run at whose end the rate has been found. */
const settling = 0.2;

export async function measureChain(setting: Setting): Promise<void> {
  const { plan, tally, ground } = setting;
  const intake = tally.medianOf(throughputName('constant', 64, 1)) ?? 500;
  const ceiling = Math.max(100, 0.7 * intake);
  const messages = await messageFile(
    notificationSet(setting, {
      generation: 'v4',
      tag: 'CHAI',
      numbers: setting.sharedNumbers,
      count: Math.ceil(plan.chainSeconds * ceiling),
    }),
  );
  const receivers = Helper.start('receivers');
  try {
    await receivers.ask({ kind: 'listen', port: ground.receiversPort });
    await inRound(setting, { role: 'all' }, async (round) => {
      const load = Helper.start('load');
      const samples: Sample[] = [];
      try {
        let rate = Math.min(ceiling, 100);
        const done = load.ask<Outcome>({
          kind: 'run',
          job: jobFor(round.server, 'v4', {
            messages,
            count: messages.count,
            connections,
            seconds: plan.chainSeconds,
            rate,
          }),
        } satisfies Order);
        let isRunning = true;
        const ended = done.finally(() => (isRunning = false));
        const began = performance.now();
        await ground.on(round.database, async (db) => {
          while (isRunning) {
            const before = samples.at(-1);
            const sample = await take(db, performance.now() - began, round.server.pid);
            samples.push(sample);
            rate = Math.min(ceiling, nextRate(rate, before, sample));
            load.tell({ kind: 'rate', rate } satisfies Order);
            await Promise.race([ended, pause(1_000)]);
          }
          const outcome = await ended;
          count(round, outcome);
          const drained = await drain(db, 60_000);
          report(setting, outcome, samples, drained);
        });
        const counts = await receivers.ask<{
          confirmations: number;
          results: number;
          cpuMs: number;
        }>({
          kind: 'counts',
        });
        tally.note(
          `The chain's endpoints received ${String(counts.confirmations)} confirmations and ${String(counts.results)} results for ${String(round.accepted)} payments; they cost ${String(Math.round(counts.cpuMs / 1_000))} s of CPU.`,
        );
      } finally {
        await load.stop();
      }
    });
  } finally {
    await receivers.stop();
  }
}

/** What is open stands in an index; what was delivered is the rest of the ids given out, without a look at each. */
async function take(
  db: { query: (sql: string) => Promise<{ rows: unknown[] }> },
  atMs: number,
  pid: number,
): Promise<Sample> {
  const { rows } = await db.query(
    `select open, (given - open)::integer as delivered
       from (select count(*)::integer as open from delivery where settled_at is null) o,
            (select last_value as given from delivery_id_seq) s`,
  );
  const [row] = rows as { open: number; delivered: number }[];
  return {
    atMs,
    open: row?.open ?? 0,
    delivered: row?.delivered ?? 0,
    residentMb: residentMb(pid),
  };
}

function nextRate(rate: number, before: Sample | undefined, now: Sample): number {
  if (before === undefined || now.open <= allowedBacklog) return rate * growth;
  const perSecond = (now.delivered - before.delivered) / 2 / ((now.atMs - before.atMs) / 1_000);
  return Math.max(20, shareOfDelivered * perSecond);
}

/** Seconds until nothing is open; NaN when the limit came first. */
async function drain(
  db: { query: (sql: string) => Promise<{ rows: unknown[] }> },
  limitMs: number,
): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < limitMs) {
    const { rows } = await db.query(
      `select from delivery where state in ('ready', 'leased') limit 1`,
    );
    if (rows.length === 0) return (performance.now() - began) / 1_000;
    await pause(100);
  }
  return Number.NaN;
}

function report(
  { tally }: Setting,
  outcome: Outcome,
  samples: readonly Sample[],
  drainedSeconds: number,
): void {
  const settled = samples.slice(Math.floor(samples.length * settling));
  const [first, last] = [settled[0], settled.at(-1)];
  const seconds = ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1_000;
  const delivered = (last?.delivered ?? 0) - (first?.delivered ?? 0);
  const name =
    'sustained chain, constant acknowledgement (v4), confirmation and result each with unique signature';
  tally.add(name, delivered / 2 / seconds, 'payments per second', {
    sameRun: throughputName('constant', 64, 1),
    against: ['S'],
    detail: {
      seconds: Math.round(outcome.seconds),
      accepted: outcome.accepted,
      backlogMedian: median(settled.map((each) => each.open)),
      backlogMax: Math.max(...settled.map((each) => each.open)),
      backlogAtEnd: last?.open ?? 0,
      drainedAfterSeconds: Number.isNaN(drainedSeconds)
        ? 'not within 60'
        : Number(drainedSeconds.toFixed(1)),
      residentMbFirst: first?.residentMb ?? 0,
      residentMbLast: last?.residentMb ?? 0,
      p99ms: Number(outcome.acceptedLatency.p99.toFixed(1)),
    },
  });
}
