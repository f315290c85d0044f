/**
 * Everything the intake figures share: the ground, the message files, and one measurement: a copy of the seeded
 * database, a server on it, a warm-up, the load with the clock on, and the books afterwards.
 */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { instantFromMs } from '../../../src/kernel/clock';
import { formatWireInstant } from '../../../src/kernel/business-day';
import { projectRoot } from '../../../src/installation';
import { sampleKeystore } from '../../sandbox/sample-keys';
import { freePort, runLoad, ServerProcess } from '../child';
import type { Tally } from '../figures';
import type { Job, MessageFile, Outcome } from '../load/job';
import { cpuMsOf } from '../machine';
import { messageFile, notification, type NotificationSet, signedBody, wires } from '../messages';
import { seedBills, seedPayments } from '../seed';
import { BooksDiffer, checkBooks } from '../stage/books';
import {
  collectionAccount,
  controlNumberKey,
  gfsCode,
  Ground,
  pspCodes,
  spCode,
} from '../stage/ground';
import type { Plan } from './plan';

/** `unique`: v5, every answer signed anew. `constant`: v4, the acknowledgement whose signature is kept. */
export type Kind = 'unique' | 'constant';
export const generationOf = { unique: 'v5', constant: 'v4' } as const;

export interface Messages {
  readonly warmUp: MessageFile;
  readonly measured: MessageFile;
}

export interface Setting {
  readonly plan: Plan;
  readonly tally: Tally;
  readonly ground: Ground;
  readonly resultUrl: string;
  readonly paidAt: string;
  readonly numbers: readonly string[];
  readonly sharedNumbers: readonly string[];
  readonly hotNumber: string;
  readonly unique: Messages;
  readonly constant: Messages;
  readonly say: (line: string) => void;
}

export const amount = '25000.00';
const amountMinor = 2_500_000n;
/** Far above what any run pays on it: 10^11 shillings. */
const hugeMinor = 10_000_000_000_000n;
/** For the chain, which pays each of them many times. */
const sharedBills = 20_000;

export function notificationSet(
  setting: Pick<Setting, 'resultUrl' | 'paidAt'>,
  rest: Pick<NotificationSet, 'generation' | 'tag' | 'numbers' | 'count'>,
  pspCode: string = pspCodes[0],
): NotificationSet {
  return {
    pspCode,
    key: sampleKeystore(pspCode).privateKey,
    keyName: sampleKeystore(pspCode).certificate.publicKeyFingerprint,
    amount,
    paidAt: setting.paidAt,
    resultUrl: setting.resultUrl,
    ...rest,
  };
}

/** Spread over the whole table, each once: neighbours in time are far apart on disk. */
export function scattered(numbers: readonly string[]): readonly string[] {
  const step = 7_919;
  return numbers.map((_number, i) => numbers[(i * step) % numbers.length] ?? '');
}

/** Payments of bills that were seeded as paid, by the other PSP, each with a message that it really signed. */
export async function seedPaid(
  db: Client,
  base: Pick<Setting, 'resultUrl' | 'paidAt'>,
  numbers: readonly string[],
  isMessageKept = true,
): Promise<void> {
  const rest = { generation: 'v4', tag: 'SEED', numbers, count: 1 } as const;
  const set = notificationSet(base, rest, pspCodes[1]);
  const message = isMessageKept ? await signedBody(set, notification(set, 0)) : Buffer.alloc(0);
  await seedPayments(db, {
    spCode,
    gfsCode,
    numbers,
    collectionAccount,
    pspCode: pspCodes[1],
    message,
  });
}

/** The same number of bills on each of `days` business days up to today, each paid on its day. */
export async function seedBooks(db: Client, count: number, days: number): Promise<void> {
  const now = performance.timeOrigin + performance.now();
  const base = {
    resultUrl: `http://127.0.0.1:${String(receiversPort)}/psp/result/huduma-za-malipo/taarifa-za-mwisho/gepg`,
    paidAt: formatWireInstant(instantFromMs(now)),
  };
  const seed = { spCode, controlNumberKey, gfsCode, amountMinor } as const;
  await db.query(`select ensure_month_partitions((current_date - $1::integer), 4)`, [days]);
  for (let ago = days - 1; ago >= 0; ago--) {
    await db.query(`update gateway_clock set clock_offset = make_interval(days => $1)`, [-ago]);
    const paid = { ...seed, count: count / days, option: 'exact', state: 'paid' } as const;
    await seedPaid(db, base, await seedBills(db, paid));
  }
  await db.query('vacuum analyze');
}

/** A preferred port, so that the addresses inside the messages, and with them the kept files, stay the same. */
const receiversPort = 4_790;

export async function prepareSetting(
  plan: Plan,
  tally: Tally,
  say: (line: string) => void,
): Promise<Setting> {
  const ground = await Ground.open(await freePort(receiversPort));
  try {
    say(`seeding ${String(plan.bills)} bills and ${String(plan.earlierPayments)} payments`);
    // Rounded to the hour, so that runs of one hour share their messages.
    const hour = 3_600_000;
    const now = performance.timeOrigin + performance.now();
    const paidAt = formatWireInstant(instantFromMs(Math.floor(now / hour) * hour));
    const base = {
      resultUrl: `http://127.0.0.1:${String(ground.receiversPort)}/psp/result/huduma-za-malipo/taarifa-za-mwisho/gepg`,
      paidAt,
    };
    const seed = { spCode, controlNumberKey, gfsCode, amountMinor, state: 'open' } as const;
    const { numbers, sharedNumbers, hot } = await ground.seed(async (db) => {
      const seeded = {
        numbers: await seedBills(db, { ...seed, count: plan.bills, option: 'exact' }),
        sharedNumbers: await seedBills(db, {
          ...seed,
          count: sharedBills,
          option: 'partial',
          amountMinor: hugeMinor,
        }),
        hot: await seedBills(db, { ...seed, count: 1, option: 'partial', amountMinor: hugeMinor }),
      };
      const paid = {
        ...seed,
        count: plan.earlierPayments,
        option: 'exact',
        state: 'paid',
      } as const;
      await seedPaid(db, base, await seedBills(db, paid));
      await db.query('vacuum analyze');
      return seeded;
    });
    const order = scattered(numbers);
    const sign = async (kind: Kind): Promise<Messages> => {
      const generation = generationOf[kind];
      const first = order.slice(0, plan.warmUp);
      const rest = order.slice(plan.warmUp, plan.warmUp + plan.messages);
      return {
        warmUp: await messageFile(
          notificationSet(base, { generation, tag: 'WARM', numbers: first, count: first.length }),
        ),
        measured: await messageFile(
          notificationSet(base, { generation, tag: 'BNCH', numbers: rest, count: rest.length }),
        ),
      };
    };
    say(
      `signing ${String(2 * (plan.messages + plan.warmUp))} notifications, or finding them signed`,
    );
    return {
      plan,
      tally,
      ground,
      ...base,
      numbers: order,
      sharedNumbers,
      hotNumber: hot[0] ?? '',
      unique: await sign('unique'),
      constant: await sign('constant'),
      say,
    };
  } catch (fault) {
    await ground.close();
    throw fault;
  }
}

export function environmentFor(
  ground: Ground,
  database: string,
  role: 'http' | 'all',
): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: ground.urlOf(database),
    SANDBOX: 'true',
    DATA_DIR: ground.folder,
    CONTROL_NUMBER_KEY: controlNumberKey.toString('hex'),
    ROLE: role,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
  };
}

export async function startServer(
  setting: Setting,
  database: string,
  options: { readonly role?: 'http' | 'all'; readonly processes?: number } = {},
): Promise<ServerProcess> {
  const { ground } = setting;
  const { role = 'http', processes = 1 } = options;
  return ServerProcess.start(
    'src/main.js',
    { ...environmentFor(ground, database, role), HTTP_PROCESSES: String(processes) },
    join(ground.folder, 'server.log'),
  );
}

export function jobFor(
  server: { readonly port: number },
  generation: 'v4' | 'v5',
  rest: Pick<Job, 'messages' | 'count' | 'connections' | 'seconds'> & Partial<Job>,
  pspCode: string = pspCodes[0],
): Job {
  return {
    port: server.port,
    path: wires[generation].path,
    headers: { 'gepg-com': 'default.psp.in', 'gepg-code': pspCode },
    first: 0,
    ...rest,
  };
}

export interface Measured extends Outcome {
  readonly perSecond: number;
  /** CPU microseconds per accepted payment. */
  readonly serverUs: number;
  readonly postgresUs: number;
  readonly loadUs: number;
}

/** Runs a load with the CPU of everybody taken before and after. */
export async function measured(
  setting: Setting,
  server: ServerProcess,
  job: Job,
): Promise<Measured> {
  const { postgresPid } = setting.ground;
  const before = [cpuMsOf(server.pid), cpuMsOf(postgresPid)];
  const outcome = await runLoad(job);
  const after = [cpuMsOf(server.pid), cpuMsOf(postgresPid)];
  const each = (at: number): number =>
    Math.round((((after[at] ?? 0) - (before[at] ?? 0)) * 1_000) / Math.max(1, outcome.accepted));
  return {
    ...outcome,
    perSecond: outcome.accepted / outcome.seconds,
    serverUs: each(0),
    postgresUs: each(1),
    loadUs: Math.round((outcome.cpuMs * 1_000) / Math.max(1, outcome.sent)),
  };
}

export function detailOf(outcome: Measured): Readonly<Record<string, number | string>> {
  const refused = Object.entries(outcome.answers).filter(([code]) => code !== '7101');
  return {
    p50ms: Number(outcome.latency.p50.toFixed(2)),
    p99ms: Number(outcome.latency.p99.toFixed(2)),
    accepted: outcome.accepted,
    cpuUsServer: outcome.serverUs,
    cpuUsPostgres: outcome.postgresUs,
    cpuUsLoad: outcome.loadUs,
    ...(refused.length === 0
      ? {}
      : { otherAnswers: refused.map(([code, count]) => `${code}×${String(count)}`).join(' ') }),
  };
}

/** The gateway's own proof, as an auditor would run it. */
function auditVerify(setting: Setting, database: string): void {
  try {
    execFileSync(process.execPath, [join(projectRoot, 'dist/src/cli.js'), 'audit', 'verify'], {
      cwd: projectRoot,
      env: {
        PATH: process.env['PATH'],
        ...environmentFor(setting.ground, database, 'all'),
        LOG_LEVEL: 'silent',
      },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    setting.tally.note('audit verify found every invariant to hold after each figure checked.');
  } catch (fault) {
    const { stdout, stderr } = fault as { stdout?: string; stderr?: string };
    throw new BooksDiffer(`audit verify failed after a run:\n${stdout ?? ''}${stderr ?? ''}`);
  }
}

export interface Round {
  readonly server: ServerProcess;
  readonly database: string;
  /** Of warm-up and of everything before; what the books are held against. */
  accepted: number;
  /** Requests whose answer was lost: each may have been taken. */
  inDoubt: number;
}

export function count(round: Round, ...outcomes: readonly Outcome[]): void {
  for (const { accepted, answers } of outcomes) {
    round.accepted += accepted;
    round.inDoubt += answers['lost'] ?? 0;
  }
}

/** A copy, a server, the work, the books. Whatever happens, the server ends and the copy goes. */
export async function inRound(
  setting: Setting,
  options: {
    readonly role?: 'http' | 'all';
    readonly processes?: number;
    readonly warmUp?: Kind;
    readonly audits?: boolean;
    /** Before the server starts on it. */
    readonly prepare?: (database: string) => Promise<void>;
  },
  work: (round: Round) => Promise<void>,
): Promise<void> {
  const database = await setting.ground.copy();
  let server: ServerProcess | undefined;
  try {
    await options.prepare?.(database);
    server = await startServer(setting, database, options);
    const round: Round = { server, database, accepted: 0, inDoubt: 0 };
    if (options.warmUp !== undefined) {
      const { warmUp } = setting[options.warmUp];
      const outcome = await runLoad(
        jobFor(server, generationOf[options.warmUp], {
          messages: warmUp,
          count: warmUp.count,
          connections: 32,
          seconds: setting.plan.seconds,
        }),
      );
      count(round, outcome);
    }
    await work(round);
    await server.stop();
    await checkBooks(setting.ground, database, round.accepted, {
      seeded: setting.plan.earlierPayments,
      inDoubt: round.inDoubt,
    });
    if (options.audits === true) auditVerify(setting, database);
  } finally {
    await server?.stop();
    await setting.ground.drop(database);
  }
}

/** Bodies of a file, for what stores them. */
export async function bodiesOf(file: MessageFile, count: number): Promise<readonly Buffer[]> {
  const bytes = await readFile(file.path);
  return Array.from({ length: Math.min(count, file.count) }, (_, i) =>
    bytes.subarray(i * file.bodyBytes, (i + 1) * file.bodyBytes),
  );
}
