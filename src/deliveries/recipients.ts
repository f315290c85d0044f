/**
 * What this worker knows of each recipient it has sent to: how many deliveries are under way, how many may be, and how
 * the last twenty attempts ended. Only the breaker is shared with other workers; this is lost with the process, and
 * learnt again within a few attempts.
 */
import {
  type AttemptClass,
  isDown,
  nextPauseMs,
  type RecentFailures,
  remember,
  roomAfter,
  rooms,
} from './breaker.rules';
import type { LeasedDelivery } from './delivery.store';
import type { BreakerChange } from './record-attempts';

interface Recipient {
  underWay: number;
  room: number;
  recent: RecentFailures;
}

export class Recipients {
  private readonly known = new Map<number, Recipient>();
  private total = 0;

  get underWay(): number {
    return this.total;
  }

  begin({ recipient_id: id, pause_ms: pauseMs }: LeasedDelivery): void {
    const recipient = this.known.get(id) ?? { underWay: 0, room: rooms.first, recent: [] };
    if (pauseMs !== null) recipient.room = rooms.afterProbe;
    recipient.underWay += 1;
    this.total += 1;
    this.known.set(id, recipient);
  }

  end({ recipient_id: id }: LeasedDelivery): void {
    this.total -= 1;
    const recipient = this.known.get(id);
    if (recipient !== undefined) recipient.underWay -= 1;
  }

  /** Takes an attempt into account; says what becomes of the recipient's breaker, if anything. */
  learn(lease: LeasedDelivery, attempt: AttemptClass, askedMs: number): BreakerChange | undefined {
    const recipient = this.known.get(lease.recipient_id);
    if (recipient === undefined) return undefined;
    recipient.recent = remember(recipient.recent, attempt);
    recipient.room = roomAfter(recipient.room, attempt);
    if (lease.pause_ms !== null) {
      recipient.recent = [];
      return attempt === 'failed'
        ? { kind: 'prolong', pauseMs: nextPauseMs(lease.pause_ms, askedMs) }
        : { kind: 'close' };
    }
    if (!isDown(recipient.recent)) return undefined;
    recipient.recent = [];
    return { kind: 'open', pauseMs: nextPauseMs(undefined, askedMs) };
  }

  /** How many more of each known recipient may be begun. */
  rooms(): ReadonlyMap<number, number> {
    return new Map(
      [...this.known].map(([id, { room, underWay }]) => [id, Math.max(0, room - underWay)]),
    );
  }
}
