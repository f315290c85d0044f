/** Statements on the outbox. Every one that ends a lease asks for its fencing token, the attempt number. */
import { Injectable } from '@nestjs/common';
import { type Reader, type Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import type { DeliveryMessage } from './delivery-message';

export interface NewDelivery {
  readonly recipientId: number;
  /** The webhook endpoint; absent for the address of the party file. */
  readonly endpoint?: string;
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
  readonly recipient_code: string;
  /** '' for the address of the party file. */
  readonly endpoint: string;
  readonly kind: string;
  readonly message: DeliveryMessage;
  readonly url: string | null;
  /** The fencing token of this lease, and the number of its attempt. */
  readonly attempt_count: number;
  readonly failure_count: number;
  readonly body: Buffer | null;
  /** Of a probe: the pause of the recipient's breaker before it. */
  readonly pause_ms: number | null;
  readonly ca_pem: string | null;
}

export interface EndedAttempt {
  readonly lease: LeasedDelivery;
  readonly outcome: string;
  readonly httpStatus: number | null;
  readonly durationMs: number;
  readonly answer: Buffer | null;
  readonly flags: readonly string[];
  readonly next:
    | { readonly state: 'delivered' | 'parked' }
    | { readonly state: 'ready'; readonly afterMs: number };
}

/** How many deliveries to one endpoint may be begun. */
export interface EndpointRoom {
  readonly recipientId: number;
  readonly endpoint: string;
  readonly room: number;
}

export interface ClaimLimits {
  readonly batch: number;
  /** Of an endpoint that is not listed in `rooms`. */
  readonly room: number;
  readonly rooms: readonly EndpointRoom[];
  readonly leaseSeconds: number;
}

/**
 * What is open is a small part that comes and goes, so the planner believes that there is nothing, and would read and
 * sort all of it at each claim: 38 ms with 3,000 open. Without sorts and scans it reads along the indexes until the room
 * is full.
 */
const inOrder = `set local enable_sort = off; set local enable_seqscan = off`;

/** Not to a webhook endpoint that is off or removed: nothing is sent to it. */
export const isWanted = `
  not exists (select from webhook_endpoint w
               where w.id = nullif(delivery.endpoint, '')::uuid
                 and (w.removed_at is not null or w.switched_off_at is not null))`;

const insertDeliveries = sqlFile<(readonly unknown[])[], never>(
  __dirname,
  'sql/insert-deliveries.sql',
);
const claimDue = sqlFile<
  [number, number, number, readonly number[], readonly string[], readonly number[]],
  LeasedDelivery
>(__dirname, 'sql/claim-due-deliveries.sql');
const keepBodies = sqlFile<(readonly unknown[])[], { id: bigint }>(
  __dirname,
  'sql/keep-bodies.sql',
);
const recordAttempts = sqlFile<(readonly unknown[])[], { id: bigint }>(
  __dirname,
  'sql/record-attempts.sql',
);
const giveBackLeases = sqlFile<(readonly unknown[])[], never>(
  __dirname,
  'sql/give-back-leases.sql',
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
      deliveries.map((each) => each.endpoint ?? ''),
    );
  }

  async claim(
    tx: Tx,
    { batch, room, rooms, leaseSeconds }: ClaimLimits,
  ): Promise<LeasedDelivery[]> {
    await tx.query(inOrder);
    return claimDue.run(
      tx,
      batch,
      room,
      leaseSeconds,
      rooms.map((each) => each.recipientId),
      rooms.map((each) => each.endpoint),
      rooms.map((each) => each.room),
    );
  }

  /** Body bytes are fixed at the first encoding and never change; returns the ids that had none until now. */
  async keepBodies(
    tx: Tx,
    bodies: readonly { lease: LeasedDelivery; body: Buffer }[],
  ): Promise<ReadonlySet<bigint>> {
    const rows = await keepBodies.run(
      tx,
      bodies.map(({ lease }) => lease.created_at),
      bodies.map(({ lease }) => lease.id),
      bodies.map(({ body }) => body),
    );
    return new Set(rows.map((row) => row.id));
  }

  /** Returns the ids whose lease still held. */
  async recordAttempts(tx: Tx, ended: readonly EndedAttempt[]): Promise<ReadonlySet<bigint>> {
    const rows = await recordAttempts.run(
      tx,
      ended.map(({ lease }) => lease.created_at),
      ended.map(({ lease }) => lease.id),
      ended.map(({ lease }) => lease.attempt_count),
      ended.map(({ next }) => next.state),
      ended.map(({ next }) => (next.state === 'ready' ? next.afterMs : 0)),
      ended.map(({ outcome }) => outcome),
      ended.map(({ httpStatus }) => httpStatus),
      ended.map(({ durationMs }) => durationMs),
      ended.map(({ answer }) => answer),
      ended.map(({ flags }) => JSON.stringify(flags)),
    );
    return new Set(rows.map((row) => row.id));
  }

  async giveBack(tx: Tx, leases: readonly LeasedDelivery[]): Promise<void> {
    await giveBackLeases.run(
      tx,
      leases.map((lease) => lease.created_at),
      leases.map((lease) => lease.id),
      leases.map((lease) => lease.attempt_count),
    );
  }

  /** Puts the settled or waiting deliveries of a subject back at the front. */
  async makeDue(tx: Tx, subject: string): Promise<void> {
    await tx.query(
      `update delivery set state = 'ready', next_attempt_at = gateway_now(), settled_at = null, failure_count = 0
        where subject = $1 and state <> 'leased' and ${isWanted}`,
      [subject],
    );
  }

  async countOpen(reader: Reader): Promise<number> {
    const [row] = await reader.query<{ open: number }>(
      `select count(*)::integer as open from delivery where settled_at is null`,
    );
    return row?.open ?? 0;
  }
}
