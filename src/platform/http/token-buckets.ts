/**
 * How often something may happen, by key: each bucket fills at its rate up to its burst, and every event takes one.
 * In this process; how several processes share them is shared-buckets.ts.
 */
import type { Taken } from '../processes/siblings';

export interface Rate {
  readonly perSecond: number;
  /** The most that may come at once after a pause. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
  /** As last told; for questions about a key whose owner is not looked up yet. */
  rate: Rate;
  /** By `take`, since somebody asked. */
  taken: number;
}

/** Keys of strangers must not fill the memory: the oldest half is forgotten beyond this, which only forgives. */
const maxKeys = 20_000;

export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly stopwatch: () => number = () => performance.now()) {}

  /** Takes one; false when the bucket is empty. */
  take(key: string, rate: Rate): boolean {
    const bucket = this.filled(key, rate);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    bucket.taken += 1;
    return true;
  }

  /** What others took of the same; a bucket owes at most as much as it holds. */
  spend(key: string, count: number, rate: Rate): void {
    const bucket = this.filled(key, rate);
    bucket.tokens = Math.max(-rate.burst, bucket.tokens - count);
  }

  /** What was taken here since the last time this was asked. */
  takenSince(): readonly Taken[] {
    const all: Taken[] = [];
    for (const [key, bucket] of this.buckets) {
      if (bucket.taken > 0) all.push([key, bucket.taken, bucket.rate.perSecond, bucket.rate.burst]);
      bucket.taken = 0;
    }
    return all;
  }

  /** Seconds until the next one; 0 when one is there, and for a key that never took any. */
  secondsToNext(key: string): number {
    const known = this.buckets.get(key);
    if (known === undefined) return 0;
    return Math.max(0, (1 - this.filled(key, known.rate).tokens) / known.rate.perSecond);
  }

  /** Whether one could be taken now. */
  has(key: string, rate: Rate): boolean {
    return this.filled(key, rate).tokens >= 1;
  }

  /** How many could be taken now. */
  left(key: string, rate: Rate): number {
    return Math.floor(this.filled(key, rate).tokens);
  }

  private filled(key: string, rate: Rate): Bucket {
    const { perSecond, burst } = rate;
    const now = this.stopwatch();
    const known = this.buckets.get(key);
    if (known === undefined) {
      this.forgetSome();
      const bucket = { tokens: burst, atMs: now, rate, taken: 0 };
      this.buckets.set(key, bucket);
      return bucket;
    }
    known.tokens = Math.min(burst, known.tokens + ((now - known.atMs) / 1_000) * perSecond);
    known.atMs = now;
    known.rate = rate;
    return known;
  }

  private forgetSome(): void {
    if (this.buckets.size < maxKeys) return;
    let left = maxKeys / 2;
    for (const key of this.buckets.keys()) {
      if (left-- <= 0) return;
      this.buckets.delete(key);
    }
  }
}
