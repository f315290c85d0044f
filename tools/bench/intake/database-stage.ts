/** The database stage from Node, and intake on small and on large tables. */
import { Helper } from '../child';
import { atLeast } from '../figures';
import { messageFile } from '../messages';
import { seedBills } from '../seed';
import { checkBooks } from '../stage/books';
import { controlNumberKey, gfsCode, pspCodes, spCode } from '../stage/ground';
import type { StageOrder, StageOutcome } from '../stage/main';
import {
  detailOf,
  jobFor,
  measured,
  notificationSet,
  scattered,
  seedPaid,
  type Setting,
  startServer,
} from './setting';
import { runLoad } from '../child';
import { meaning, throughputName } from './throughput';

const batch = 100;
/** As many as the gateway has. */
const lanes = 3;

export async function measureDatabaseStage(setting: Setting): Promise<void> {
  const { ground, plan, tally, constant } = setting;
  const database = await ground.copy();
  const stage = Helper.start('stage');
  try {
    const outcome = await stage.ask<StageOutcome>({
      databaseUrl: ground.urlOf(database),
      role: ground.role,
      pspCode: pspCodes[0],
      warmUp: constant.warmUp,
      messages: constant.measured,
      batch,
      lanes,
      seconds: plan.seconds,
    } satisfies StageOrder);
    await checkBooks(ground, database, outcome.warmedUp + outcome.accepted, {
      seeded: plan.earlierPayments,
    });
    tally.add(
      `payments, database stage from Node without HTTP and crypto, ${String(lanes)} lanes of ${String(batch)}`,
      outcome.accepted / outcome.seconds,
      'per second',
      {
        against: ['F', 'C', 'B'],
        targets: [atLeast('F', 3), atLeast('B', 0.85)],
        detail: {
          cpuUsNode: Math.round((outcome.cpuMs * 1_000) / Math.max(1, outcome.accepted)),
          accepted: outcome.accepted,
        },
      },
    );
  } finally {
    await stage.stop();
    await ground.drop(database);
  }
}

const mostWithMessages = 1_000_000;

/**
 * Payments of one step while the bills of the next are made: two connections, as there are cores. Above a million the
 * bodies of the messages are left out, as a gateway leaves out old ones, and what the database checks of each row; that
 * the books agree is counted after the measurement. The control numbers of the bills that are open.
 */
async function seedMany({ ground, plan, say, ...base }: Setting): Promise<readonly string[]> {
  const seed = {
    spCode,
    controlNumberKey,
    gfsCode,
    amountMinor: 2_500_000n,
    option: 'exact',
  } as const;
  const step = 100_000;
  const areMessagesKept = plan.size <= mostWithMessages;
  return ground.seed((bills) =>
    ground.seed(async (payments) => {
      if (!areMessagesKept)
        for (const db of [bills, payments])
          await db.query('set session_replication_role = replica; set synchronous_commit = off');
      let paid: Promise<void> = Promise.resolve();
      for (let done = 0; done < plan.size; done += step) {
        const count = Math.min(step, plan.size - done);
        const numbers = await seedBills(bills, { ...seed, count, state: 'paid' });
        await paid;
        paid = seedPaid(payments, base, numbers, areMessagesKept);
        // Thrown by the await of the next step.
        paid.catch(() => undefined);
        if (done % 1_000_000 === 0 && done > 0) say(`  ${String(done)} are there`);
      }
      await paid;
      const open = await seedBills(bills, { ...seed, count: plan.bills, state: 'open' });
      await bills.query('vacuum analyze');
      await bills.query('checkpoint');
      return open;
    }),
  );
}

/** Last of all: it fills the seeded database itself, since a copy of a large one would double the disk. */
export async function measureSize(setting: Setting): Promise<void> {
  const { ground, plan, tally } = setting;
  if (plan.size === 0) {
    tally.skip(
      'payments on 1,000,000 seeded payments',
      'asked for with --large, or --huge for ten times as many.',
    );
    return;
  }
  setting.say(`seeding ${String(plan.size)} bills and payments`);
  const openNumbers = await seedMany(setting);
  const numbers = scattered(openNumbers);
  const sign = (tag: string, from: number, count: number) =>
    messageFile(
      notificationSet(setting, {
        generation: 'v4',
        tag,
        numbers: numbers.slice(from, from + count),
        count,
      }),
    );
  const warmUp = await sign('WARL', 0, plan.warmUp);
  const messages = await sign('LARG', plan.warmUp, plan.messages);
  const server = await startServer(setting, 'seeded');
  try {
    const load = (file: typeof messages, seconds: number) =>
      jobFor(server, 'v4', { messages: file, count: file.count, connections: 64, seconds });
    const warm = await runLoad(load(warmUp, plan.seconds));
    const outcome = await measured(setting, server, load(messages, plan.seconds));
    tally.add(
      `payments on ${plan.size.toLocaleString('en')} seeded payments, ${meaning.constant}, 64 connections`,
      outcome.perSecond,
      'per second',
      { sameRun: throughputName('constant', 64, 1), detail: detailOf(outcome) },
    );
    await server.stop();
    await checkBooks(ground, 'seeded', warm.accepted + outcome.accepted, {
      seeded: plan.earlierPayments + plan.size,
    });
  } finally {
    await server.stop();
  }
}
