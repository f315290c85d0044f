/** The intake figures: rounds in which anchors and product take turns, then what needs one round only. */
import { measureChain } from './intake/chain';
import { measureDatabaseStage, measureSize } from './intake/database-stage';
import {
  measureGreedyPsp,
  measureHostile,
  measureHotBill,
  measureOverload,
  measureReplay,
} from './intake/disturbances';
import { measureEcdsa } from './intake/ecdsa';
import { measureDatabase, measurePlainBuild, measureSigning } from './intake/limits';
import type { Plan } from './intake/plan';
import { prepareSetting, type Setting } from './intake/setting';
import { measureLatency, measureThroughput } from './intake/throughput';
import type { Tally } from './figures';
import { describeMachine } from './machine';
import { generationOf } from './intake/setting';
import { runLoad } from './child';
import { count, inRound, jobFor } from './intake/setting';

/** Names for `--only`; anchors run with every part that is held against them. */
export const parts = [
  'anchors',
  'plain',
  'unique',
  'constant',
  'ecdsa',
  'processes',
  'latency',
  'replay',
  'hot',
  'hostile',
  'stage',
  'greedy',
  'overload',
  'chain',
  'size',
] as const;
type Part = (typeof parts)[number];

async function speaksV5(setting: Setting): Promise<boolean> {
  let isSpoken = false;
  await inRound(setting, {}, async (round) => {
    const outcome = await runLoad(
      jobFor(round.server, generationOf.unique, {
        messages: setting.unique.warmUp,
        count: 1,
        connections: 1,
        seconds: 10,
      }),
    );
    count(round, outcome);
    isSpoken = outcome.accepted === 1;
  });
  return isSpoken;
}

export async function measureIntake(
  tally: Tally,
  plan: Plan,
  say: (line: string) => void,
  stopping: AbortSignal,
): Promise<Readonly<Record<string, number | string>>> {
  const setting = await prepareSetting(plan, tally, say);
  const close = (): void => void setting.ground.close();
  stopping.addEventListener('abort', close);
  try {
    const machine = describeMachine(setting.ground.folder, await setting.ground.version());
    const isWanted = (part: Part): boolean => plan.only.length === 0 || plan.only.includes(part);
    const turn = async (part: Part, name: string, work: () => Promise<void>): Promise<void> => {
      if (!isWanted(part)) return;
      say(name);
      await work();
    };
    const hasUnique = await speaksV5(setting);
    if (!hasUnique)
      tally.skip(
        'every figure with a unique signed answer',
        'the gateway does not take generation 5 payments on /api/payment/20/posting.',
      );
    const kinds = hasUnique ? (['unique', 'constant'] as const) : (['constant'] as const);
    for (let round = 1; round <= plan.rounds; round++) {
      const at = `round ${String(round)} of ${String(plan.rounds)}`;
      const isLast = round === plan.rounds;
      await turn('anchors', `${at}: S, V`, () => measureSigning(setting));
      for (const kind of kinds)
        for (const connections of [64, 256])
          await turn(kind, `${at}: ${kind}, ${String(connections)} connections`, () =>
            measureThroughput(setting, kind, connections, 1, isLast),
          );
      if (hasUnique)
        await turn('ecdsa', `${at}: unique, ECDSA P-256`, () => measureEcdsa(setting, isLast));
      await turn('anchors', `${at}: C, F, X, B`, () => measureDatabase(setting));
      await turn('plain', `${at}: N`, () => measurePlainBuild(setting));
      for (const kind of kinds)
        await turn('processes', `${at}: ${kind}, 2 processes`, () =>
          measureThroughput(setting, kind, 256, 2, false),
        );
      await turn('stage', `${at}: database stage`, () => measureDatabaseStage(setting));
      await turn('replay', `${at}: replay storm`, () => measureReplay(setting));
      await turn('hot', `${at}: hot bill`, () => measureHotBill(setting));
      await turn('hostile', `${at}: hostile messages`, () => measureHostile(setting));
      for (const kind of kinds)
        await turn('latency', `${at}: latency, ${kind}`, () => measureLatency(setting, kind));
    }
    await turn('greedy', 'greedy PSP', () => measureGreedyPsp(setting));
    if (hasUnique) await turn('overload', 'overload', () => measureOverload(setting));
    await turn('chain', `sustained chain, ${String(plan.chainSeconds)} s`, () =>
      measureChain(setting),
    );
    await turn('size', 'large tables', () => measureSize(setting));
    return machine;
  } finally {
    stopping.removeEventListener('abort', close);
    await setting.ground.close();
  }
}
