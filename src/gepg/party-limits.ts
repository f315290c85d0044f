/**
 * How many messages a second a party may send. One is charged when its signature holds, and never before: a header can
 * be written by anybody, and must not use up what another party is allowed. Once a party has used up its own, what names
 * it in the header is turned away before a byte of the body is read; a forger gains nothing by that, since the party is
 * refused at that moment for what it did itself. Messages that never verify cost a parse and a verification each (about
 * 0.1 ms) and are limited only together, by Admission: their address says nothing behind a balancer.
 * Rules: security-reliability §3.4, P13, T12.
 */
import { Injectable } from '@nestjs/common';
import type { Party } from '../parties/party-directory';
import { SharedBuckets } from '../platform/http/shared-buckets';
import type { TokenBuckets } from '../platform/http/token-buckets';
import { Metrics } from '../platform/http/metrics';
import { Log } from '../platform/logging/logger';

/** A correctly signed message above the limit of its party: 429 at the edge, and nothing of it is stored. */
export class LimitReached extends Error {
  readonly statusCode = 429;

  constructor(readonly party: string) {
    super(`${party} sends more than it may`);
  }
}

/** A second of the limit may come at once, and never less than a clerk with a queue sends. */
const leastBurst = 20;
/** One line for a party, however much is refused. */
const lineEveryMs = 10_000;

@Injectable()
export class PartyLimits {
  private readonly buckets: TokenBuckets;
  private readonly linesAt = new Map<string, number>();

  constructor(
    private readonly metrics: Metrics,
    private readonly log: Log,
    shared: SharedBuckets,
  ) {
    this.buckets = shared.named('party-limits');
  }

  /** Charges one message to the party that signed it. Throws LimitReached. */
  charge({ code, profile }: Party): void {
    const perSecond = profile.requestsPerSecond;
    if (this.buckets.take(code, { perSecond, burst: Math.max(leastBurst, perSecond) })) return;
    throw new LimitReached(code);
  }

  /** Whole seconds until a message that names the party may come; 0: now. Of any code, a stranger's too. */
  secondsToWait(code: string): number {
    return Math.ceil(this.buckets.secondsToNext(code));
  }

  tell(code: string): void {
    this.metrics.refused.inc({ reason: 'party-limit' });
    const now = performance.now();
    if (now - (this.linesAt.get(code) ?? -lineEveryMs) < lineEveryMs) return;
    this.linesAt.set(code, now);
    this.log.warn('party-limited', { party: code });
  }
}
