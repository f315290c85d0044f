/** Waiting for facts, and doing a few things at a time. */
import { setTimeout as pause } from 'node:timers/promises';
import { DemoFault, type Screen } from './screen';

const stallMs = 60_000;

/** Returns when `done()` reaches `total`; faults when nothing has moved for a minute. */
export async function waitForAll(
  screen: Screen,
  what: string,
  total: number,
  done: () => number | Promise<number>,
): Promise<void> {
  let seen = -1;
  let movedAt = performance.now();
  for (;;) {
    const now = await done();
    screen.progress(what, now, total);
    if (now >= total) return;
    if (now !== seen) movedAt = performance.now();
    else if (performance.now() - movedAt > stallMs) {
      throw new DemoFault(
        `Only ${String(now)} of ${String(total)} came in a minute (${what}). Does a worker run (ROLE=all or worker)?`,
      );
    }
    seen = now;
    await pause(100);
  }
}

/** Eight at a time; the first fault ends it. */
export async function forEachAtOnce<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}
