/**
 * The rounds that the cases are made of: load, a fault, recovery; then what is in doubt is counted, sent again with the
 * same bytes, and its receipts are compared. Each number about time is a limit of security-reliability §3.10 or §4 T16.
 */
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Tally } from './generator';
import type { Strike } from './killer';
import type { SeededRandom } from './random';
import type { CaseRecord } from './record';
import type { Rig } from './rig';
import type { ProxyFault } from './tcp-proxy';

export interface Bench {
  readonly rig: Rig;
  readonly record: CaseRecord;
  readonly random: SeededRandom;
  readonly isShort: boolean;
}

const gatewayLimitMs = 10_000;
const databaseLimitMs = 30_000;
const drainLimitMs = 60_000;
const settleMs = 60_000;
const exitLimitMs = 25_000;

function now(): bigint {
  return process.hrtime.bigint();
}

/** When the fault comes, after the load has begun. */
function momentOf({ random, isShort }: Bench): number {
  return isShort ? random.between(400, 1_200) : random.between(1_000, 4_000);
}

/** Load while `fault` happens, and a little longer. */
async function underLoad(bench: Bench, fault: () => Promise<void>): Promise<Tally> {
  const { rig, record } = bench;
  await rig.generator.ask('sign', bench.isShort ? 1_500 : 4_000);
  await rig.generator.ask('start');
  try {
    await fault();
    await pause(300);
  } catch (failure) {
    await rig.stopLoad();
    throw failure;
  }
  const tally = await rig.stopLoad();
  record.tally(tally);
  return tally;
}

/**
 * Counts what is in doubt (of a kill: what was on its way when it struck), sends everything without an answer again,
 * and compares the receipts before and after. Returns how many in doubt were committed.
 */
async function settle(bench: Bench, { doubts }: Tally, struckAt?: string): Promise<number> {
  const { rig, record } = bench;
  const before = await rig.receiptsOf(doubts.map((doubt) => doubt.id));
  const inDoubt = doubts.filter(
    (doubt) => struckAt === undefined || BigInt(doubt.sentAt) <= BigInt(struckAt),
  );
  const committed = inDoubt.filter((doubt) => before.has(doubt.id)).length;
  record.inDoubt += inDoubt.length;
  record.inDoubtCommitted += committed;
  if (struckAt !== undefined) {
    record.kills += 1;
    if (inDoubt.length > 0) record.killsWithDoubt += 1;
  }
  const tally = await rig.generator.ask<Tally>('settle', settleMs);
  record.tally(tally);
  const after = await rig.receiptsOf([...before.keys()]);
  for (const [id, receipt] of before) {
    if (after.get(id) !== receipt) record.fail(`${id} has another receipt after it was sent again`);
  }
  return committed;
}

export async function killGateway(bench: Bench): Promise<void> {
  const { rig, record } = bench;
  let struckAt = '0';
  const tally = await underLoad(bench, async () => {
    const target = { pid: rig.gatewayPid };
    const struck = await rig.strike({ afterMs: momentOf(bench), signal: 'SIGKILL', target });
    struckAt = struck.at;
    // At once, as an init system does.
    await rig.untilExit(gatewayLimitMs);
    await rig.startGateway();
    record.recovered(BigInt(struck.at), await rig.untilReady(), gatewayLimitMs);
  });
  await settle(bench, tally, struckAt);
}

/** The gateway brings its own server back; one behind a proxy belongs to somebody else, who does. */
export async function killDatabase(bench: Bench): Promise<void> {
  const { rig, record } = bench;
  let struckAt = '0';
  const tally = await underLoad(bench, async () => {
    const target = { dataDir: rig.dataDir };
    const struck = await rig.strike({ afterMs: momentOf(bench), signal: 'SIGKILL', target });
    struckAt = struck.at;
    if (rig.databaseProxy !== undefined) await rig.startDatabase();
    record.recovered(BigInt(struck.at), await rig.untilReady(), databaseLimitMs);
  });
  await settle(bench, tally, struckAt);
}

/** Stopped and continued by signals: nothing is lost, and nobody may be told anything wrong meanwhile. */
async function freeze(
  bench: Bench,
  target: Strike['target'],
  forMs: number,
  limitMs: number,
): Promise<void> {
  const { rig, record } = bench;
  const tally = await underLoad(bench, async () => {
    await rig.strike({ afterMs: momentOf(bench), signal: 'SIGSTOP', target });
    const thawed = await rig.strike({ afterMs: forMs, signal: 'SIGCONT', target });
    record.recovered(BigInt(thawed.at), await rig.untilReady(), limitMs);
  });
  await settle(bench, tally);
}

export function freezeDatabase(bench: Bench): Promise<void> {
  return freeze(bench, { dataDir: bench.rig.dataDir }, 5_000, drainLimitMs);
}

/** A gateway that gets no turn for three seconds: what a blocked event loop is to all others. */
export function freezeGateway(bench: Bench): Promise<void> {
  return freeze(bench, { pid: bench.rig.gatewayPid }, 3_000, gatewayLimitMs);
}

export async function disturbDatabase(bench: Bench, fault: ProxyFault): Promise<void> {
  const { rig, record } = bench;
  const proxy = rig.databaseProxy;
  if (proxy === undefined) throw new Error('this case needs the database behind a proxy');
  const tally = await underLoad(bench, async () => {
    await pause(momentOf(bench) / 2);
    proxy.set(fault);
    if (fault.kind === 'reset') proxy.cut();
    if (fault.kind === 'lose-commit') {
      const giveUp = performance.now() + 30_000;
      // Until it was payments that lost their answer: deliveries commit too.
      while ((await rig.generator.ask<number>('countDoubts')) < 5 && performance.now() < giveUp) {
        await pause(20);
      }
    } else {
      await pause(6_000);
    }
    proxy.set({ kind: 'none' });
    const over = now();
    if (fault.kind !== 'latency' && fault.kind !== 'lose-commit') proxy.cut();
    record.recovered(over, await rig.untilReady(), databaseLimitMs);
  });
  const committed = await settle(bench, tally);
  if (fault.kind === 'lose-commit' && committed === 0) {
    record.fail('no payment was committed without its answer: the round says nothing');
  }
}

export async function disturbWire(bench: Bench, fault: ProxyFault): Promise<void> {
  const { rig, record } = bench;
  const tally = await underLoad(bench, async () => {
    await pause(momentOf(bench) / 2);
    for (const proxy of rig.wireProxies) {
      proxy.set(fault);
      if (fault.kind === 'reset') proxy.cut();
    }
    await pause(4_000);
    const over = now();
    for (const proxy of rig.wireProxies) {
      proxy.set({ kind: 'none' });
      if (fault.kind !== 'latency') proxy.cut();
    }
    record.recovered(over, await rig.untilReady(), gatewayLimitMs);
  });
  await settle(bench, tally);
}

/** Fills what is left of the disk; returns what gives it back. */
function fillDisk(folder: string): () => void {
  const path = join(folder, 'ballast');
  for (const size of [1_048_576, 65_536, 4_096]) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(size));
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'ENOSPC') throw fault;
    }
  }
  return () => {
    rmSync(path);
  };
}

export async function fillUpDisk(bench: Bench): Promise<void> {
  const { rig, record } = bench;
  const tally = await underLoad(bench, async () => {
    await pause(momentOf(bench));
    const giveBack = fillDisk(rig.dataDir);
    await pause(8_000);
    giveBack();
    const over = now();
    record.recovered(over, await rig.untilReady(), databaseLimitMs);
  });
  if ((tally.answers['503'] ?? 0) === 0) record.fail('the full disk was never felt');
  await settle(bench, tally);
}

/** Ten copies of everything, out of order, and one late copy each: one payment each, and always the same answer. */
export async function duplicate(bench: Bench): Promise<void> {
  const { rig, record } = bench;
  const [count, copies] = bench.isShort ? [60, 10] : [1_000, 10];
  const tally = await rig.generator.ask<Tally>('storm', { count, copies });
  record.tally(tally);
  const acked = tally.answers['7101'] ?? 0;
  if (acked !== count * (copies + 1)) {
    record.fail(`${String(acked)} of ${String(count * (copies + 1))} copies were acknowledged`);
  }
  await settle(bench, tally);
}

/** Thirty sessions hold every bill for longer than the lock limit; then nobody can connect at all. */
export async function exhaustDatabase(bench: Bench): Promise<void> {
  const { rig, record } = bench;
  const clients: Client[] = [];
  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: rig.databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  const tally = await underLoad(bench, async () => {
    await pause(500);
    try {
      const holders = await Promise.all(Array.from({ length: 30 }, connect));
      await Promise.all(
        holders.map(async (client, i) => {
          await client.query('begin');
          await client.query(
            `select from bill where id in (select id from bill order by id offset $1 limit 7) for update`,
            [7 * i],
          );
          await client.query('select pg_sleep(6)');
          await client.query('commit');
        }),
      );
      // Until the server refuses one more.
      const hasConnected = (): Promise<boolean> =>
        connect().then(
          () => true,
          () => false,
        );
      while (await hasConnected());
      await pause(3_000);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
    const over = now();
    record.recovered(over, await rig.untilReady(), databaseLimitMs);
  });
  await settle(bench, tally);
}

/** SIGTERM under load: what was sent before it is answered, nothing is done without an answer, and the exit is clean. */
export async function drain(bench: Bench): Promise<void> {
  const { rig, record } = bench;
  let signalledAt = 0n;
  const tally = await underLoad(bench, async () => {
    const target = { pid: rig.gatewayPid };
    const { at } = await rig.strike({ afterMs: momentOf(bench), signal: 'SIGTERM', target });
    signalledAt = BigInt(at);
    const exit = await rig.untilExit(exitLimitMs);
    if (exit !== 0) record.fail(`after SIGTERM: ${String(exit)} in place of exit 0 within 25 s`);
  });
  const unanswered = tally.doubts.filter(
    (doubt) => doubt.reason !== 'postponed' && BigInt(doubt.sentAt) <= signalledAt,
  );
  if (unanswered.length > 0) {
    record.fail(`${String(unanswered.length)} messages sent before SIGTERM were not answered`);
  }
  const restarted = now();
  await rig.startGateway();
  record.recovered(restarted, await rig.untilReady(), gatewayLimitMs);
  const committed = await settle(bench, tally);
  if (committed > 0) record.fail(`${String(committed)} payments were taken without an answer`);
}
