/**
 * Token buckets that all processes of one gateway draw on: ten times a second each tells the others what it took, and
 * they take the same. So a limit holds for the gateway and not for each process, whichever of them a connection came
 * to; between two tellings it may be passed by what the others take in a tenth of a second.
 */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { isSibling, onPrimary, tellPrimary } from '../processes/siblings';
import { TokenBuckets } from './token-buckets';

const tellEveryMs = 100;

@Injectable()
export class SharedBuckets implements OnApplicationShutdown {
  private readonly all = new Map<string, TokenBuckets>();
  private readonly timer = isSibling
    ? setInterval(() => {
        this.tell();
      }, tellEveryMs).unref()
    : undefined;
  private readonly stopListening = onPrimary('taken', ({ buckets, taken }) => {
    const own = this.all.get(buckets);
    for (const [key, count, perSecond, burst] of taken)
      own?.spend(key, count, { perSecond, burst });
  });

  /** The same name in every process. */
  named(name: string): TokenBuckets {
    const buckets = new TokenBuckets();
    this.all.set(name, buckets);
    return buckets;
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopListening();
  }

  private tell(): void {
    for (const [name, buckets] of this.all) {
      const taken = buckets.takenSince();
      if (taken.length > 0) tellPrimary({ kind: 'taken', buckets: name, taken });
    }
  }
}
