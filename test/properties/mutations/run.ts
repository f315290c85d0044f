/** Judges many mutated messages and says what came of them. */
import { setImmediate as breathe } from 'node:timers/promises';
import { judge, sendingOf, type Verdict } from './judge';

export interface Summary {
  readonly counts: Readonly<Record<Verdict['what'], number>>;
  /** Seeds of what must not be, with what was read: `sendingOf(seed)` makes the message again. */
  readonly broken: readonly string[];
  readonly slowestMs: number;
}

export async function judgeMany(from: number, count: number): Promise<Summary> {
  const counts = { refused: 0, 'as-signed': 0, own: 0, broken: 0 };
  const broken: string[] = [];
  let slowestMs = 0;
  for (let seed = from; seed < from + count; seed++) {
    try {
      const { what, detail, ms } = await judge(sendingOf(seed));
      counts[what] += 1;
      slowestMs = Math.max(slowestMs, ms);
      if (what === 'broken') broken.push(`seed ${String(seed)}: ${detail}`);
    } catch (fault) {
      broken.push(`seed ${String(seed)} threw: ${String(fault)}`);
    }
    if (seed % 1_000 === 0) await breathe();
  }
  return { counts, broken: broken.slice(0, 10), slowestMs };
}
