/**
 * How long a batch waits for rows that somebody else holds. At first for as long as any statement may. A batch that had
 * to wait for longer is halved until the item that wants the held row stands alone (micro-batch.ts): that costs its
 * neighbours a second or two and not their answer, and it alone is told to come again (503).
 */
import type { Tx } from './database';
import { isLockTimeout, isOutage } from './outage';

/** One item of 128 is found in eight tries; with these a batch has its answers in two seconds. */
const mostLockWaits = 10;

/** Of the tries after the first: whoever held the lock through that one is in no hurry. */
export async function waitBriefly(tx: Tx, failures: number): Promise<void> {
  if (failures > 0) await tx.query(`set local lock_timeout = '100ms'`);
}

/** Whether an outage is one for every item of the batch: all but locks, and locks too once they were met too often. */
export function isOutageForAll(fault: unknown, failures: number): boolean {
  return isOutage(fault) && !(isLockTimeout(fault) && failures < mostLockWaits);
}
