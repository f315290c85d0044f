/** Statements of people on the outbox: look, send again, park and unpark, pin an authority. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader, Tx } from '../platform/database/database';
import { isWanted } from './delivery.store';

export type DeliveryState = 'ready' | 'leased' | 'delivered' | 'parked';

export interface ListedDelivery {
  readonly id: bigint;
  readonly recipient: string;
  readonly kind: string;
  readonly subject: string;
  /** '' for the address of the party file. */
  readonly endpoint: string;
  readonly state: DeliveryState;
  readonly attemptCount: number;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date;
  readonly lastOutcome: string | null;
}

export interface ListedAttempt {
  readonly attempt: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly httpStatus: number | null;
  readonly outcome: string;
  readonly answer: Buffer | null;
}

/** What to send again; everything that is named must hold. At least one of ids, events, subject and day is named. */
export interface Selection {
  readonly ids?: readonly bigint[];
  /** Events of the recipient's feed, from and to these numbers inclusive; only with a recipient. */
  readonly events?: { readonly from: bigint; readonly to: bigint };
  /** A bill's control number, or PSP and transaction id. */
  readonly subject?: string;
  /** The day on which it came to be owed. */
  readonly day?: BusinessDay;
  /** Only what is owed to this party. */
  readonly recipientId?: number;
}

const listed = `
  select d.id, p.code as recipient, d.kind, d.subject, d.endpoint, d.state, d.attempt_count as "attemptCount",
         d.created_at as "createdAt", d.next_attempt_at as "nextAttemptAt", d.last_outcome as "lastOutcome"
    from delivery d join party p on p.id = d.recipient_id`;

/** A state as what the indexes of open and of parked deliveries know it by. */
const stateCondition: Readonly<Record<DeliveryState, string>> = {
  ready: `d.settled_at is null and d.state = 'ready'`,
  leased: `d.settled_at is null and d.state = 'leased'`,
  delivered: `d.state = 'delivered'`,
  parked: `d.settled_at is not null and d.last_outcome is distinct from 'acknowledged' and d.state = 'parked'`,
};

@Injectable()
export class ReviewStore {
  async list(
    reader: Reader,
    filter: { state?: DeliveryState; recipient?: string; limit: number },
  ): Promise<readonly ListedDelivery[]> {
    const state = filter.state === undefined ? 'true' : stateCondition[filter.state];
    return reader.query<ListedDelivery>(
      `${listed} where ${state} and ($1::text is null or p.code = $1) order by d.id desc limit $2`,
      [filter.recipient ?? null, filter.limit],
    );
  }

  async find(reader: Reader, id: bigint): Promise<ListedDelivery | undefined> {
    const [row] = await reader.query<ListedDelivery>(`${listed} where d.id = $1`, [id]);
    return row;
  }

  async attempts(reader: Reader, id: bigint): Promise<readonly ListedAttempt[]> {
    return reader.query<ListedAttempt>(
      `select attempt, started_at as "startedAt", duration_ms as "durationMs", http_status as "httpStatus",
              outcome, answer
         from delivery_attempt where delivery_id = $1 order by id`,
      [id],
    );
  }

  /** Sent again within the last hour, by recipient, for the recipients of a selection of ids. */
  async resentLastHour(
    tx: Tx,
    recipientIds: readonly number[],
  ): Promise<ReadonlyMap<number, number>> {
    const rows = await tx.query<{ id: number; n: number }>(
      `select recipient_id as id, count(*)::integer as n from delivery
        where recipient_id = any ($1) and resent_at > gateway_now() - interval '1 hour' group by recipient_id`,
      [[...new Set(recipientIds)]],
    );
    return new Map(rows.map((row) => [row.id, row.n]));
  }

  /**
   * Under their locks, in order; without those under way, those sent again within the last minute, and those to
   * endpoints that are off.
   */
  async select(
    tx: Tx,
    { ids, events, subject, day, recipientId }: Selection,
    limit: number,
  ): Promise<readonly { id: bigint; recipientId: number }[]> {
    return tx.query<{ id: bigint; recipientId: number }>(
      `select id, recipient_id as "recipientId" from delivery
        where ($1::bigint[] is null or id = any ($1))
          and ($2::text is null or subject = $2)
          and ($3::date is null
               or (created_at >= $3::date::timestamp at time zone 'Africa/Dar_es_Salaam'
                   and created_at < ($3::date + 1)::timestamp at time zone 'Africa/Dar_es_Salaam'))
          and ($4::integer is null or recipient_id = $4)
          and ($6::bigint is null
               or id in (select d.id
                           from feed_event f
                           join delivery d on d.recipient_id = f.party_id and d.subject = f.subject
                            and f.event_id = case d.kind when 'event' then d.message ->> 'eventId'
                                                         when 'payment-confirmed' then 'evt_' || (d.message ->> 'paymentId')
                                             end
                          where f.party_id = $4 and f.sequence between $6 and $7))
          and state <> 'leased' and ${isWanted}
          and (resent_at is null or resent_at < gateway_now() - interval '1 minute')
        order by id limit $5 for update`,
      [
        ids ?? null,
        subject ?? null,
        day ?? null,
        recipientId ?? null,
        limit,
        events?.from ?? null,
        events?.to ?? null,
      ],
    );
  }

  async sendAgain(tx: Tx, ids: readonly bigint[]): Promise<void> {
    await tx.query(
      `update delivery
          set state = 'ready', next_attempt_at = gateway_now(), settled_at = null, failure_count = 0,
              resent_at = gateway_now()
        where id = any ($1)`,
      [ids],
    );
  }

  /** False when it is not waiting. */
  async park(tx: Tx, id: bigint): Promise<boolean> {
    const rows = await tx.query(
      `update delivery set state = 'parked', settled_at = gateway_now(), last_outcome = 'parked-by-hand'
        where id = $1 and state = 'ready' returning id`,
      [id],
    );
    return rows.length === 1;
  }

  /** Of one delivery or of all of a recipient; returns how many. */
  async unpark(tx: Tx, what: { id?: bigint; recipientId?: number }): Promise<number> {
    const rows = await tx.query(
      `update delivery
          set state = 'ready', next_attempt_at = gateway_now(), settled_at = null, failure_count = 0
        where state = 'parked' and settled_at is not null and last_outcome is distinct from 'acknowledged'
          and ${isWanted}
          and ($1::bigint is null or id = $1) and ($2::integer is null or recipient_id = $2)
        returning id`,
      [what.id ?? null, what.recipientId ?? null],
    );
    return rows.length;
  }

  async pin(tx: Tx, recipientId: number, caPem: string | null): Promise<void> {
    if (caPem === null) {
      await tx.query(`delete from delivery_trust where recipient_id = $1`, [recipientId]);
      return;
    }
    await tx.query(
      `insert into delivery_trust (recipient_id, ca_pem) values ($1, $2)
       on conflict (recipient_id) do update set ca_pem = excluded.ca_pem, pinned_at = gateway_now()`,
      [recipientId, caPem],
    );
  }
}
