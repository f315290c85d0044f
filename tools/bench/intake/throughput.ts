/** Payments a second with a unique signed answer and with the constant one, at 64 and 256 connections. */
import { signCpuMicroseconds } from '../anchors/signing';
import type { Rest } from '../figures';
import { atLeast, atMost } from '../figures';
import {
  count,
  detailOf,
  generationOf,
  inRound,
  jobFor,
  type Kind,
  measured,
  type Setting,
} from './setting';

export const meaning = {
  unique: 'unique signed answer (v5)',
  constant: 'constant acknowledgement (v4)',
} as const;

/** performance.md §9; the prototype was measured at 256 connections. */
const targets: Readonly<Record<string, Rest['targets']>> = {
  'unique 256 1': [atLeast('S', 0.45), atLeast('X', 0.65), atLeast('N', 7)],
  'constant 256 1': [atLeast('F', 1), atLeast('C', 0.35), atLeast('N', 7)],
  'constant 256 2': [atLeast('F', 1.1), atLeast('C', 0.4)],
};

export function throughputName(kind: Kind, connections: number, processes: number): string {
  const server = processes === 1 ? '1 process' : `${String(processes)} processes`;
  return `payments, ${meaning[kind]}, ${String(connections)} connections, ${server}`;
}

export async function measureThroughput(
  setting: Setting,
  kind: Kind,
  connections: number,
  processes: number,
  audits: boolean,
): Promise<void> {
  const { plan, tally } = setting;
  const name = throughputName(kind, connections, processes);
  await inRound(setting, { warmUp: kind, processes, audits }, async (round) => {
    const { measured: messages } = setting[kind];
    const outcome = await measured(
      setting,
      round.server,
      jobFor(round.server, generationOf[kind], {
        messages,
        count: messages.count,
        connections,
        seconds: plan.seconds,
      }),
    );
    count(round, outcome);
    const wanted = targets[`${kind} ${String(connections)} ${String(processes)}`];
    tally.add(name, outcome.perSecond, 'per second', {
      against: ['S', 'X', 'F', 'C', 'N'],
      ...(wanted === undefined ? {} : { targets: wanted }),
      detail: detailOf(outcome),
    });
    if (connections === 256 && processes === 1) addCpu(setting, kind, outcome.serverUs);
  });
}

/** What the server itself costs: one signature is the machine's price and is taken off (performance.md §9). */
function addCpu({ tally }: Setting, kind: Kind, serverUs: number): void {
  if (kind === 'constant') {
    tally.add(`server CPU per payment, ${meaning.constant}`, serverUs, 'us', {
      targets: [atMost('value', 130)],
    });
    return;
  }
  const signUs = signCpuMicroseconds();
  tally.add(
    `server CPU per payment less one signature, ${meaning.unique}`,
    serverUs - signUs,
    'us',
    {
      targets: [atMost('value', 160)],
      detail: { withSignature: serverUs, signatureUs: Math.round(signUs) },
    },
  );
}

/** One after another: latency at 1 and 8 connections. */
export async function measureLatency(setting: Setting, kind: Kind): Promise<void> {
  const { plan, tally } = setting;
  await inRound(setting, { warmUp: kind }, async (round) => {
    let first = 0;
    for (const connections of [1, 8]) {
      const { measured: messages } = setting[kind];
      const outcome = await measured(
        setting,
        round.server,
        jobFor(round.server, generationOf[kind], {
          messages,
          first,
          count: Math.floor(messages.count / 2),
          connections,
          seconds: plan.seconds / 2,
        }),
      );
      first += outcome.sent;
      count(round, outcome);
      const at = `${meaning[kind]}, ${String(connections)} ${connections === 1 ? 'connection' : 'connections'}`;
      tally.add(`latency p50, ${at}`, outcome.latency.p50, 'ms', {
        targets: connections === 1 && kind === 'constant' ? [atMost('value', 2)] : [],
        detail: { perSecond: Math.round(outcome.perSecond) },
      });
      tally.add(`latency p99, ${at}`, outcome.latency.p99, 'ms', {
        targets: connections === 8 ? [atMost('value', 15)] : [],
      });
    }
  });
}
