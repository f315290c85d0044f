/**
 * The same intake under what real days bring: notifications sent again, everybody paying one bill, messages that are
 * not worth reading among good ones, a PSP far above its share, and more work than the machine can do.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { runLoad } from '../child';
import { atLeast, atMost } from '../figures';
import { hostileFile, messageFile } from '../messages';
import { limitedPsp, pspCodes } from '../stage/ground';
import {
  count,
  detailOf,
  inRound,
  jobFor,
  measured,
  notificationSet,
  type Setting,
} from './setting';
import { meaning, throughputName } from './throughput';

const connections = 64;
const reference = throughputName('constant', connections, 1);

/** The same notifications again: the same answers, and no second posting (the books are checked). */
export async function measureReplay(setting: Setting): Promise<void> {
  await inRound(setting, { warmUp: 'constant' }, async (round) => {
    const { measured: messages } = setting.constant;
    const first = await runLoad(
      jobFor(round.server, 'v4', {
        messages,
        count: messages.count,
        connections,
        seconds: setting.plan.seconds,
      }),
    );
    count(round, first);
    const again = await measured(
      setting,
      round.server,
      jobFor(round.server, 'v4', {
        messages,
        count: first.accepted,
        connections,
        seconds: setting.plan.seconds,
      }),
    );
    setting.tally.add(
      `replay storm, ${meaning.constant}, ${String(connections)} connections`,
      again.perSecond,
      'per second',
      { sameRun: reference, targets: [atLeast('same-run', 0.9)], detail: detailOf(again) },
    );
  });
}

export async function measureHotBill(setting: Setting): Promise<void> {
  const messages = await messageFile(
    notificationSet(setting, {
      generation: 'v4',
      tag: 'HOTB',
      numbers: [setting.hotNumber],
      count: setting.plan.messages,
    }),
  );
  await inRound(setting, { warmUp: 'constant' }, async (round) => {
    const outcome = await measured(
      setting,
      round.server,
      jobFor(round.server, 'v4', {
        messages,
        count: messages.count,
        connections,
        seconds: setting.plan.seconds,
      }),
    );
    count(round, outcome);
    setting.tally.add(
      `one hot bill, ${meaning.constant}, ${String(connections)} connections`,
      outcome.perSecond,
      'per second',
      { sameRun: reference, targets: [atLeast('same-run', 0.9)], detail: detailOf(outcome) },
    );
  });
}

const oneHostileIn = 11;

export async function measureHostile(setting: Setting): Promise<void> {
  const { measured: messages } = setting.constant;
  const hostile = await hostileFile(messages, 1_000);
  await inRound(setting, { warmUp: 'constant' }, async (round) => {
    const outcome = await measured(
      setting,
      round.server,
      jobFor(round.server, 'v4', {
        messages,
        count: messages.count,
        connections,
        seconds: setting.plan.seconds,
        hostile: { messages: hostile, oneIn: oneHostileIn },
      }),
    );
    count(round, outcome);
    setting.tally.add(
      `clean payments with one hostile message to ten, ${meaning.constant}, ${String(connections)} connections`,
      outcome.perSecond,
      'per second',
      { sameRun: reference, targets: [atLeast('same-run', 0.8)], detail: detailOf(outcome) },
    );
  });
}

const alternations = 5;

/**
 * A PSP within its share, by turns alone and beside one that sends ten times what it may; five turns of each on one
 * server, since p99 of a few hundred answers swings more than what is looked for.
 */
export async function measureGreedyPsp(setting: Setting): Promise<void> {
  const { plan, tally } = setting;
  const alone = 'p99 of a PSP alone, constant acknowledgement (v4)';
  const rest = { generation: 'v4', numbers: setting.sharedNumbers } as const;
  // The allowance of a second that lies ready goes at once at the start, and is no more than the hundredth that p99 leaves.
  const seconds = 2 * plan.seconds;
  const rate = 50;
  const perTurn = rate * seconds;
  const offered = 10 * limitedPsp.requestsPerSecond;
  const modest = await messageFile(
    notificationSet(
      setting,
      { ...rest, tag: 'MODS', count: perTurn * 2 * alternations },
      pspCodes[1],
    ),
  );
  const greedy = await messageFile(
    notificationSet(
      setting,
      { ...rest, tag: 'GRDY', count: offered * seconds * alternations },
      limitedPsp.code,
    ),
  );
  await inRound(setting, { warmUp: 'constant' }, async (round) => {
    const asked = async (turn: number) => {
      const outcome = await runLoad(
        jobFor(
          round.server,
          'v4',
          {
            messages: modest,
            first: turn * perTurn,
            count: perTurn,
            connections: 8,
            seconds: 30,
            rate,
            // A load generator that starts up takes a core for a moment; that is over when the clock starts.
            isConnected: true,
          },
          pspCodes[1],
        ),
      );
      count(round, outcome);
      return outcome;
    };
    for (let turn = 0; turn < alternations; turn++) {
      const quiet = await asked(2 * turn);
      tally.add(alone, quiet.acceptedLatency.p99, 'ms');
      const [beside, pushed] = await Promise.all([
        asked(2 * turn + 1),
        runLoad(
          jobFor(
            round.server,
            'v4',
            {
              messages: greedy,
              first: turn * offered * seconds,
              count: offered * seconds,
              connections: 64,
              seconds: 30,
              rate: offered,
              isConnected: true,
            },
            limitedPsp.code,
          ),
        ),
      ]);
      count(round, pushed);
      tally.add(
        'p99 of a PSP beside one at ten times its limit, constant acknowledgement (v4)',
        beside.acceptedLatency.p99,
        'ms',
        {
          sameRun: alone,
          targets: [atMost('same-run', 1.5)],
          detail: {
            greedyAccepted: pushed.accepted,
            greedyRefused: pushed.answers['http 429'] ?? 0,
            modestOther: beside.sent - beside.accepted,
          },
        },
      );
    }
  });
}

/** More than the gateway lets wait (4,096), or nothing would ever be refused. */
const overloadConnections = 2_000;

/** What an operator may promise of the peak that was measured. */
const ratedShare = 0.7;
/** Four fifths of it. */
const goodputOfPeak = 0.56;

/** Three times the rated load, by the clock; then how long until it answers as before. */
export async function measureOverload(setting: Setting): Promise<void> {
  const { plan, tally } = setting;
  const peak = tally.medianOf(throughputName('unique', connections, 1));
  const name = `overload at three times the rated load, ${meaning.unique}`;
  if (peak === undefined) {
    tally.skip(name, 'the peak was not measured in this run.');
    return;
  }
  const rated = ratedShare * peak;
  await inRound(setting, { warmUp: 'unique' }, async (round) => {
    const { measured: messages } = setting.unique;
    const probes = Math.min(300, Math.floor(messages.count / 20));
    const probe = async (first: number, messageCount: number): Promise<number> => {
      const outcome = await runLoad(
        jobFor(round.server, 'v5', {
          messages,
          first,
          count: messageCount,
          connections: 8,
          seconds: 30,
        }),
      );
      count(round, outcome);
      return outcome.latency.p99;
    };
    const before = await probe(0, probes);
    const load = await measured(
      setting,
      round.server,
      jobFor(round.server, 'v5', {
        messages,
        first: probes,
        count: Math.floor(messages.count * 0.7),
        connections: overloadConnections,
        isConnected: true,
        seconds: plan.seconds,
        rate: 3 * rated,
      }),
    );
    count(round, load);
    const ended = performance.now();
    let next = Math.floor(messages.count * 0.8);
    let recoveredMs = Number.NaN;
    while (next + 50 <= messages.count && performance.now() - ended < 30_000) {
      const p99 = await probe(next, 50);
      next += 50;
      if (p99 <= 2 * before) {
        recoveredMs = performance.now() - ended;
        break;
      }
      await pause(100);
    }
    tally.add(`${name}: goodput`, load.perSecond, 'per second', {
      sameRun: throughputName('unique', connections, 1),
      targets: [atLeast('same-run', goodputOfPeak)],
      detail: {
        ofRated: Number((load.perSecond / rated).toFixed(2)),
        offered: Math.round(load.sent / load.seconds),
        waitingAtEnd: load.notOffered,
        ...detailOf(load),
      },
    });
    tally.add(`${name}: p99 of accepted`, load.acceptedLatency.p99, 'ms', {
      targets: [atMost('value', 2_000)],
    });
    if (Number.isNaN(load.refused.p99))
      tally.skip(`${name}: p99 of refusals`, 'nothing was refused with 429 or 503.');
    else
      tally.add(`${name}: p99 of refusals`, load.refused.p99, 'ms', {
        targets: [atMost('value', 100)],
      });
    tally.add(`${name}: back to normal after`, recoveredMs / 1_000, 's', {
      targets: [atMost('value', 10)],
    });
  });
}
