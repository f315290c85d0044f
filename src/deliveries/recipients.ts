/**
 * What this worker knows of each endpoint it has sent to: how many deliveries are under way, how many may be, and how
 * the last twenty attempts ended. Endpoints of one party are told apart: a dead one says nothing of another. Only the
 * breaker is shared with other workers; this is lost with the process, and learnt again within a few attempts.
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
import type { EndpointRoom, LeasedDelivery } from './delivery.store';
import type { BreakerChange } from './record-attempts';

interface Endpoint {
  readonly recipientId: number;
  readonly endpoint: string;
  underWay: number;
  room: number;
  recent: RecentFailures;
}

export class Recipients {
  private readonly known = new Map<string, Endpoint>();
  private total = 0;

  get underWay(): number {
    return this.total;
  }

  begin(lease: LeasedDelivery): void {
    const { recipient_id: recipientId, endpoint } = lease;
    const known = this.known.get(placeOf(lease)) ?? {
      recipientId,
      endpoint,
      underWay: 0,
      room: rooms.first,
      recent: [],
    };
    if (lease.pause_ms !== null) known.room = rooms.afterProbe;
    known.underWay += 1;
    this.total += 1;
    this.known.set(placeOf(lease), known);
  }

  end(lease: LeasedDelivery): void {
    this.total -= 1;
    const known = this.known.get(placeOf(lease));
    if (known !== undefined) known.underWay -= 1;
  }

  /** Takes an attempt into account; says what becomes of the endpoint's breaker, if anything. */
  learn(lease: LeasedDelivery, attempt: AttemptClass, askedMs: number): BreakerChange | undefined {
    const known = this.known.get(placeOf(lease));
    if (known === undefined) return undefined;
    known.recent = remember(known.recent, attempt);
    known.room = roomAfter(known.room, attempt);
    if (lease.pause_ms !== null) {
      known.recent = [];
      return attempt === 'failed'
        ? { kind: 'prolong', pauseMs: nextPauseMs(lease.pause_ms, askedMs) }
        : { kind: 'close' };
    }
    if (!isDown(known.recent)) return undefined;
    known.recent = [];
    return { kind: 'open', pauseMs: nextPauseMs(undefined, askedMs) };
  }

  /** How many more of each known endpoint may be begun. */
  rooms(): readonly EndpointRoom[] {
    return [...this.known.values()].map(({ recipientId, endpoint, room, underWay }) => ({
      recipientId,
      endpoint,
      room: Math.max(0, room - underWay),
    }));
  }
}

/** An endpoint by name: several of one party are several. */
export function placeOf({ recipient_id: id, endpoint }: LeasedDelivery): string {
  return `${String(id)} ${endpoint}`;
}
