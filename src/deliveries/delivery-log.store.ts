/** Deliveries as their recipient reads them. Every method asks for the party (security-reliability I1). */
import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database/database';
import type { DeliveryAttemptView, DeliveryFilter, DeliveryView } from './delivery-view';

@Injectable()
export class DeliveryLogStore {
  /** Newest first, one more than the page holds. */
  async search(
    reader: Reader,
    partyId: number,
    filter: DeliveryFilter,
    { before, limit }: { readonly before: string | undefined; readonly limit: number },
  ): Promise<readonly DeliveryView[]> {
    return reader.query<DeliveryView>(
      `select d.id, d.kind, d.subject, d.endpoint, d.state, d.attempt_count as "attemptCount", d.created_at as "createdAt",
              d.next_attempt_at as "nextAttemptAt", d.settled_at as "settledAt", d.last_outcome as "lastOutcome"
         from delivery d
        where d.recipient_id = $1 and ($2::bigint is null or d.id < $2)
          and ($3::bigint is null or d.id = $3) and ($4::text[] is null or d.state = any ($4))
        order by d.id desc limit $5`,
      [partyId, before ?? null, filter.id ?? null, filter.states ?? null, limit + 1],
    );
  }

  async attempts(
    reader: Reader,
    partyId: number,
    deliveryId: bigint,
  ): Promise<readonly DeliveryAttemptView[]> {
    return reader.query<DeliveryAttemptView>(
      `select a.attempt, a.started_at as "startedAt", a.duration_ms as "durationMs",
              a.http_status as "httpStatus", a.outcome
         from delivery_attempt a
        where a.delivery_id = $2
          and exists (select from delivery d where d.id = a.delivery_id and d.recipient_id = $1)
        order by a.attempt limit 500`,
      [partyId, deliveryId],
    );
  }
}
