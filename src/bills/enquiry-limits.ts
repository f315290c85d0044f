/**
 * Limits of enquiries: the number space is not to be read out by trying, and a storm of questions about one number is
 * not to reach the database (security-reliability P13 and §3.4; rulings.md §3: miss-rate limits, no density rule).
 */
import { Injectable } from '@nestjs/common';
import { SharedBuckets } from '../platform/http/shared-buckets';
import type { TokenBuckets } from '../platform/http/token-buckets';

/** A clerk who mistypes misses a few times a minute; a whole PSP of a thousand counters still far less than this. */
const misses = { perSecond: 2, burst: 120 } as const;
/** A payer who asks again, and retries: one PSP asks about one number no more often. */
const perNumber = { perSecond: 0.5, burst: 20 } as const;

@Injectable()
export class EnquiryLimits {
  private readonly missed: TokenBuckets;
  private readonly asked: TokenBuckets;

  constructor(shared: SharedBuckets) {
    this.missed = shared.named('enquiries-missed');
    this.asked = shared.named('enquiries');
  }

  /** False: answered 7332, without a look at the number. What is longer than a number is cut: keys must stay small. */
  allows(pspCode: string, controlNumber: string): boolean {
    return (
      this.missed.has(pspCode, misses) &&
      this.asked.take(`${pspCode} ${controlNumber.slice(0, 32)}`, perNumber)
    );
  }

  /** To be told of every number that was not there. */
  miss(pspCode: string): void {
    this.missed.take(pspCode, misses);
  }
}
