/**
 * The experiments by name: which installation each needs, how many rounds, and what a round does
 * (security-reliability §3.10, same numbers).
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Verdict } from './checker';
import { SeededRandom } from './random';
import { CaseRecord, type CaseResult, type Skipped } from './record';
import { Rig, type RigOptions, smallDiskObstacle } from './rig';
import {
  type Bench,
  disturbDatabase,
  disturbWire,
  drain,
  duplicate,
  exhaustDatabase,
  fillUpDisk,
  freezeDatabase,
  freezeGateway,
  killDatabase,
  killGateway,
} from './rounds';
import type { ProxyFault } from './tcp-proxy';

interface Case {
  readonly title: string;
  readonly rig: RigOptions;
  /** False: a connection for each request. */
  readonly isKeptAlive?: false;
  /** The short form plays it, like every case that it plays in one round. */
  readonly isInShortForm?: true;
  readonly longRounds: number;
  /** A sentence when this machine cannot play the case. */
  readonly obstacle?: () => string | undefined;
  /** Once, after the installation is up. */
  readonly prepare?: (rig: Rig) => void;
  readonly round: (bench: Bench, round: number) => Promise<void>;
}

const loseCommit: ProxyFault = { kind: 'lose-commit', every: 3, isSilent: false };
const databaseFaults: readonly ProxyFault[] = [
  loseCommit,
  { kind: 'latency', fromMs: 0, toMs: 400 },
  { kind: 'reset', withinBytes: 20_000 },
  { kind: 'throttle', bytesPerSecond: 20 },
  { kind: 'lose-commit', every: 5, isSilent: true },
];
const wireFaults: readonly ProxyFault[] = [
  { kind: 'reset', withinBytes: 8_000 },
  { kind: 'latency', fromMs: 0, toMs: 400 },
  { kind: 'throttle', bytesPerSecond: 400 },
];

function pick<T>(items: readonly T[], round: number): T {
  return items[round % items.length] as T;
}

/** The name of the negative control, which is there to lose and is judged the other way round. */
const controlId = 'control';

const cases: Readonly<Record<string, Case>> = {
  C1: {
    title: 'kill -9 of the gateway',
    rig: { database: 'embedded' },
    isInShortForm: true,
    longRounds: 50,
    round: killGateway,
  },
  C2: {
    title: 'kill -9 of every PostgreSQL process',
    rig: { database: 'embedded' },
    isInShortForm: true,
    longRounds: 20,
    round: killDatabase,
  },
  C3: {
    title: 'kill -9 of one or the other',
    rig: { database: 'embedded' },
    longRounds: 10,
    round: (bench) => (bench.random.next() < 0.5 ? killGateway(bench) : killDatabase(bench)),
  },
  C4: {
    title: 'the database stands still for 5 s',
    rig: { database: 'embedded' },
    longRounds: 3,
    round: freezeDatabase,
  },
  C5: {
    title: 'faults between the gateway and the database',
    rig: { database: 'behind-proxy' },
    longRounds: 10,
    round: (bench, round) =>
      disturbDatabase(bench, bench.isShort ? loseCommit : pick(databaseFaults, round)),
  },
  C6: {
    title: 'faults between the PSP, the gateway and the endpoints',
    rig: { database: 'embedded', hasWireProxies: true },
    longRounds: 6,
    round: (bench, round) => disturbWire(bench, pick(wireFaults, round)),
  },
  C7: {
    title: 'the disk is full',
    rig: { database: 'embedded', diskMb: 400 },
    longRounds: 2,
    obstacle: smallDiskObstacle,
    round: fillUpDisk,
  },
  C8: {
    title: 'ten copies of everything, out of order and late',
    rig: { database: 'embedded' },
    isInShortForm: true,
    longRounds: 3,
    round: duplicate,
  },
  C11: {
    title: 'locks and connections are all taken',
    rig: { database: 'embedded' },
    longRounds: 2,
    round: exhaustDatabase,
  },
  C12: {
    title: 'the gateway gets no turn for 3 s',
    rig: { database: 'embedded' },
    longRounds: 3,
    round: freezeGateway,
  },
  drain: {
    title: 'SIGTERM under load',
    rig: { database: 'embedded' },
    isKeptAlive: false,
    isInShortForm: true,
    longRounds: 5,
    round: drain,
  },
  [controlId]: {
    title: 'negative control: C2 with synchronous_commit=off, which must lose',
    // The log of the server is written late, so that there is something to lose at any rate of payments.
    rig: { database: 'behind-proxy', databaseSettings: { wal_writer_delay: '2s' } },
    longRounds: 5,
    prepare: ({ databaseProxy }) => {
      if (databaseProxy === undefined) return;
      databaseProxy.isCommitWeakened = true;
      databaseProxy.cut();
    },
    round: killDatabase,
  },
};

export const caseIds: readonly string[] = Object.keys(cases);

export function idsOf(isShort: boolean): readonly string[] {
  return caseIds.filter((id) => !isShort || cases[id]?.isInShortForm === true);
}

const nothing: Verdict = {
  acknowledged: 0,
  lost: 0,
  doubled: 0,
  different: 0,
  incomplete: 0,
  unsent: 0,
  unresolved: 0,
  refused: 0,
  isBalanced: false,
  undelivered: 0,
  feedFaults: 0,
};

export interface Play {
  readonly seed: number;
  /** In place of the case's own number of rounds. */
  readonly rounds: number | undefined;
  readonly isShort: boolean;
  readonly say: (line: string) => void;
  readonly settings: (seen: Readonly<Record<string, string>>) => void;
}

/** Waits for what is owed to be delivered: until all is, or a minute is over. Standing still is a fault. */
async function deliver({ rig, record, isShort }: Bench): Promise<void> {
  if (isShort) return;
  const owed = async (): Promise<number> => {
    const [row] = await rig.query<{ count: number }>(
      `select count(*)::int as count from delivery where state <> 'delivered'`,
    );
    return row?.count ?? 0;
  };
  const first = await owed();
  let last = first;
  for (const giveUp = performance.now() + 60_000; last > 0 && performance.now() < giveUp;) {
    await pause(500);
    last = await owed();
  }
  if (last > 0 && last >= first) record.fail(`${String(last)} deliveries did not move in a minute`);
}

/** The operator's own command: the code is 0 when every invariant holds. */
async function auditVerify(rig: Rig, record: CaseRecord): Promise<number> {
  const { status, output } = await rig.cli('audit', 'verify');
  if (status !== 0) record.fail(`audit verify ended with ${String(status)}: ${output.trim()}`);
  return status;
}

function isSame(a: RigOptions, b: RigOptions): boolean {
  return (
    a.database === b.database && a.hasWireProxies === b.hasWireProxies && a.diskMb === b.diskMb
  );
}

/** Plays cases one after another; neighbours that need the same installation share it while it holds. */
export class Player {
  private rig: Rig | undefined;

  constructor(private readonly play: Play) {}

  async case(id: string): Promise<CaseResult | Skipped> {
    const found = cases[id];
    if (found === undefined) throw new Error(`there is no case ${id}`);
    const { title } = found;
    const skipped = found.obstacle?.();
    if (skipped !== undefined) return { case: id, title, skipped };
    const record = new CaseRecord(id, title, !this.play.isShort);
    let verdict = nothing;
    let audit: number | null = null;
    try {
      const rig = await this.rigFor(found);
      await rig.beginCase(id, found.isKeptAlive ?? true);
      await this.rounds(id, found, { rig, record });
      verdict = await rig.check();
      audit = await auditVerify(rig, record);
    } catch (fault) {
      record.fail(fault instanceof Error ? fault.message : String(fault));
    }
    const result = id === controlId ? record.finishControl(verdict) : record.finish(verdict, audit);
    if (!result.passed) {
      this.play.say(this.rig?.logTail() ?? '');
      await this.close();
    }
    return result;
  }

  async close(): Promise<void> {
    const { rig } = this;
    this.rig = undefined;
    await rig?.close();
  }

  private async rigFor({ rig: options, prepare }: Case): Promise<Rig> {
    if (this.rig !== undefined && prepare === undefined && isSame(this.rig.options, options)) {
      return this.rig;
    }
    await this.close();
    const rig = await Rig.open(options, this.play.seed, (made) => {
      this.rig = made;
    });
    this.play.settings(await rig.settings());
    prepare?.(rig);
    return rig;
  }

  private async rounds(
    id: string,
    found: Case,
    { rig, record }: Pick<Bench, 'rig' | 'record'>,
  ): Promise<void> {
    const { seed, isShort, say } = this.play;
    const bench = { rig, record, isShort, random: new SeededRandom(seed) };
    const rounds = this.play.rounds ?? (isShort ? 1 : found.longRounds);
    for (let round = 0; round < rounds; round++) {
      await found.round(bench, round);
      record.rounds += 1;
      say(
        `${id} ${String(round + 1)}/${String(rounds)}: in doubt ${String(record.inDoubt)}, ` +
          `committed ${String(record.inDoubtCommitted)}, last recovery ${String(record.recoveries.at(-1) ?? 0)} ms`,
      );
    }
    await deliver(bench);
  }
}
