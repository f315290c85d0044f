/** Statements on the outbox. Every one that ends a lease asks for its fencing token, the attempt number. */
import { Injectable } from '@nestjs/common';
import { type Reader, type Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import type { DeliveryMessage } from './delivery-message';
import { DeliveryRow } from './deliveries.tables';

export interface NewDelivery {
  readonly recipientId: number;
  readonly subject: string;
  readonly url: string | null;
  readonly message: DeliveryMessage;
  readonly flags?: readonly string[];
}

export interface LeasedDelivery {
  /** As text: a Date would lose the microseconds, and with them the row. */
  readonly created_at: string;
  readonly id: bigint;
  readonly recipient_id: number;
  readonly kind: string;
  readonly message: DeliveryMessage;
  readonly url: string | null;
  readonly attempt_count: number;
  readonly body: Buffer | null;
}

export interface AttemptRecord {
  readonly outcome: string;
  readonly httpStatus: number | null;
  readonly durationMs: number;
  readonly answer: Buffer | null;
  readonly flags: readonly string[];
}

const insertDeliveries = sqlFile<(readonly unknown[])[], never>(
  __dirname,
  'sql/insert-deliveries.sql',
);
const claimDue = sqlFile<[number, number, number, readonly number[]], LeasedDelivery>(
  __dirname,
  'sql/claim-due-deliveries.sql',
);

@Injectable()
export class DeliveryStore {
  async add(tx: Tx, deliveries: readonly NewDelivery[]): Promise<void> {
    await insertDeliveries.run(
      tx,
      deliveries.map((each) => each.recipientId),
      deliveries.map((each) => each.message.kind),
      deliveries.map((each) => each.subject),
      deliveries.map((each) => JSON.stringify(each.message)),
      deliveries.map((each) => each.url),
      deliveries.map((each) => JSON.stringify(each.flags ?? [])),
    );
  }

  async claim(
    tx: Tx,
    limits: { batch: number; perRecipient: number; leaseSeconds: number; busy: readonly number[] },
  ): Promise<LeasedDelivery[]> {
    const { batch, perRecipient, leaseSeconds, busy } = limits;
    return claimDue.run(tx, batch, perRecipient, leaseSeconds, busy);
  }

  /** Body bytes are fixed at the first encoding and never change (rulings.md §5). */
  async keepBody(tx: Tx, lease: LeasedDelivery, body: Buffer): Promise<void> {
    await tx.query(
      `update delivery set body = $3 where created_at = $1 and id = $2 and body is null`,
      [lease.created_at, lease.id, body],
    );
  }

  async recordAttempt(tx: Tx, lease: LeasedDelivery, attempt: AttemptRecord): Promise<void> {
    await tx.query(
      `insert into delivery_attempt (started_at, delivery_id, attempt, duration_ms, http_status, outcome, answer)
       values (gateway_now(), $1, $2, $3, $4, $5, $6)`,
      [
        lease.id,
        lease.attempt_count,
        attempt.durationMs,
        attempt.httpStatus,
        attempt.outcome,
        attempt.answer,
      ],
    );
  }

  /** False when the lease was lost meanwhile: another worker has the delivery, and its record counts. */
  async settle(
    tx: Tx,
    lease: LeasedDelivery,
    next: { state: 'delivered' | 'parked' } | { state: 'ready'; afterMs: number },
    attempt: AttemptRecord,
  ): Promise<boolean> {
    const rows = await tx.query(
      `update delivery
          set state = $4, last_outcome = $5, lease_until = null,
              next_attempt_at = gateway_now() + make_interval(secs => $6::double precision / 1000),
              settled_at = case when $4 = 'ready' then null else gateway_now() end,
              flags = array(select distinct unnest(flags || $7::text[]))
        where created_at = $1 and id = $2 and attempt_count = $3 and state = 'leased'
        returning id`,
      [
        lease.created_at,
        lease.id,
        lease.attempt_count,
        next.state,
        attempt.outcome,
        next.state === 'ready' ? next.afterMs : 0,
        attempt.flags,
      ],
    );
    return rows.length === 1;
  }

  async list(
    reader: Reader,
    filter: { state?: DeliveryRow['state']; limit: number },
  ): Promise<DeliveryRow[]> {
    return reader.manager.find(DeliveryRow, {
      ...(filter.state === undefined ? {} : { where: { state: filter.state } }),
      order: { id: 'DESC' },
      take: filter.limit,
    });
  }

  /** Puts settled or waiting deliveries of a subject back at the front; returns how many. */
  async makeDue(tx: Tx, where: { id?: bigint; subject?: string }): Promise<number> {
    const rows = await tx.query(
      `update delivery set state = 'ready', next_attempt_at = gateway_now(), settled_at = null
        where (id = $1 or subject = $2) and state <> 'leased' returning id`,
      [where.id ?? null, where.subject ?? null],
    );
    return rows.length;
  }

  async countOpen(reader: Reader): Promise<number> {
    const [row] = await reader.query<{ open: number }>(
      `select count(*)::integer as open from delivery where state in ('ready', 'leased')`,
    );
    return row?.open ?? 0;
  }
}
