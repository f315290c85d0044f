/**
 * In-process group commit: what arrived while the last batch was under way becomes the next one. Nothing is gathered by
 * time: at low load a batch is one item and waits for nothing. The queue is bounded, and a bad item costs its neighbours only a retry.
 * Shape and numbers: performance.md §8.
 */

/** More is waiting than may wait; the sender may try again (HTTP 503). */
export class Overload extends Error {
  readonly statusCode = 503;
}

/** A small batch has ended by then; what takes longer is large, or waits for a lock. */
const patienceMs = 10;

/**
 * A crowd is read over a few turns of the event loop. While each brings more, its first is not sent ahead alone: at 64
 * connections that took 0.32 ms of the server for a payment in place of 0.37, and one that is alone waits for nothing.
 */
const gatherTurns = 4;

export interface BatchLimits {
  readonly maxBatch: number;
  readonly maxWaiting: number;
  /** Batches under way at once. */
  readonly lanes: number;
  /**
   * How many must wait for each batch that is under way before another begins beside it; without it, one. A batch costs
   * as much as ten or twenty payments before its first, so that two small ones are dearer than the wait for one.
   */
  readonly worthALane?: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(fault: unknown): void;
}

export class MicroBatch<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private underWay = 0;
  private isWoken = false;
  private patience: NodeJS.Timeout | undefined;

  /**
   * `work` gives one result per item, in order, and leaves nothing behind when it throws. `isSharedFault` tells faults
   * that no item caused (a lost database): then nothing of these items is tried again. Both are told how many tries of
   * the batch have failed before, so that the next ones may wait for less, and end.
   */
  constructor(
    private readonly work: (items: readonly Item[], failures: number) => Promise<readonly Result[]>,
    private readonly limits: BatchLimits,
    private readonly isSharedFault: (fault: unknown, failures: number) => boolean,
  ) {}

  get length(): number {
    return this.waiting.length;
  }

  async submit(item: Item): Promise<Result> {
    if (this.waiting.length >= this.limits.maxWaiting) {
      throw new Overload(`${String(this.waiting.length)} are waiting already`);
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.wake();
    });
  }

  /** After a turn of the event loop, so that everything read in it is in the batch. */
  private wake(isLate = false): void {
    const { lanes, worthALane = 1 } = this.limits;
    if (this.isWoken || this.underWay >= lanes) return;
    if (!isLate && this.waiting.length < worthALane * this.underWay) {
      // What is under way may wait for a lock; it must not be waited for.
      this.patience ??= setTimeout(() => {
        this.patience = undefined;
        if (this.waiting.length > 0) this.wake(true);
      }, patienceMs);
      return;
    }
    this.isWoken = true;
    this.gather(gatherTurns);
  }

  private gather(turns: number): void {
    const seen = this.waiting.length;
    setImmediate(() => {
      const isGrowing = this.waiting.length > seen && this.waiting.length < this.limits.maxBatch;
      if (isGrowing && turns > 0) {
        this.gather(turns - 1);
        return;
      }
      this.isWoken = false;
      void this.next();
    });
  }

  private async next(): Promise<void> {
    const batch = this.waiting.splice(0, this.limits.maxBatch);
    if (batch.length === 0) return;
    this.underWay += 1;
    if (this.waiting.length > 0) this.wake();
    await this.run(batch, { failures: 0 });
    this.underWay -= 1;
    if (this.waiting.length > 0) this.wake();
  }

  /** A batch that fails is halved until the item that fails it stands alone. */
  private async run(
    batch: readonly Waiting<Item, Result>[],
    whole: { failures: number },
  ): Promise<void> {
    try {
      const results = await this.work(
        batch.map(({ item }) => item),
        whole.failures,
      );
      batch.forEach((each, i) => {
        each.resolve(results[i] as Result);
      });
    } catch (fault) {
      if (this.isSharedFault(fault, whole.failures++) || batch.length === 1) {
        for (const each of batch) each.reject(fault);
        return;
      }
      const half = batch.length >> 1;
      await this.run(batch.slice(0, half), whole);
      await this.run(batch.slice(half), whole);
    }
  }
}
