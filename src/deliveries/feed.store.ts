/** Statements on the feed: one method each, no decision. Reads of a feed take the party, and go through its tenant role. */
import { Injectable } from '@nestjs/common';
import type { CanonicalValue } from '../kernel/canonical-json';
import type { Reader, Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import type { NewEvent } from './feed-event';

export interface UnsealedEvent extends Omit<NewEvent, 'type'> {
  readonly type: string;
  readonly occurredAt: Date;
  readonly lastSequence: bigint | null;
  readonly digest: Buffer | null;
  readonly data: CanonicalValue;
}

export interface SealedEvent {
  readonly partyId: number;
  readonly sequence: bigint;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly occurredAt: Date;
  readonly content: string;
  readonly digest: Buffer;
}

interface FeedHead {
  readonly lastSequence: bigint;
  readonly digest: Buffer;
  readonly acknowledgedSequence: bigint;
  readonly acknowledgedAt: Date | null;
}

const insertUnsealed = sqlFile<(readonly unknown[])[], never>(
  __dirname,
  'sql/insert-unsealed-events.sql',
);
const takeUnsealed = sqlFile<[number], UnsealedEvent>(__dirname, 'sql/take-unsealed-events.sql');
const addSealed = sqlFile<(readonly unknown[])[], never>(__dirname, 'sql/add-feed-events.sql');

@Injectable()
export class FeedStore {
  async keep(tx: Tx, events: readonly NewEvent[]): Promise<void> {
    await insertUnsealed.run(
      tx,
      events.map((event) => event.partyId),
      events.map((event) => event.eventId),
      events.map((event) => event.type),
      events.map((event) => event.subject),
      events.map((event) => JSON.stringify(event.data)),
    );
  }

  /** Held by the very transaction that gives the numbers: who lost it has lost its transaction with it. */
  async lockSealer(tx: Tx): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtext('malipo.feed-sealer'))`);
  }

  async take(tx: Tx, batch: number): Promise<readonly UnsealedEvent[]> {
    return takeUnsealed.run(tx, batch);
  }

  async add(tx: Tx, events: readonly SealedEvent[]): Promise<void> {
    await addSealed.run(
      tx,
      events.map((event) => event.partyId),
      events.map((event) => event.sequence),
      events.map((event) => event.eventId),
      events.map((event) => event.type),
      events.map((event) => event.subject),
      events.map((event) => event.occurredAt),
      events.map((event) => event.content),
      events.map((event) => event.digest),
    );
  }

  async head(reader: Reader, partyId: number): Promise<FeedHead | undefined> {
    const [head] = await reader.query<FeedHead>(
      `select last_sequence as "lastSequence", digest, acknowledged_sequence as "acknowledgedSequence",
              acknowledged_at as "acknowledgedAt"
         from feed_head where party_id = $1`,
      [partyId],
    );
    return head;
  }

  async page(
    reader: Reader,
    partyId: number,
    after: bigint,
    limit: number,
  ): Promise<readonly { content: string; digest: Buffer; sequence: bigint }[]> {
    return reader.query(
      `select content, digest, sequence from feed_event
        where party_id = $1 and sequence > $2 order by sequence limit $3`,
      [partyId, after, limit],
    );
  }

  async textOf(reader: Reader, partyId: number, sequence: bigint): Promise<string | undefined> {
    const [row] = await reader.query<{ content: string }>(
      `select content from feed_event where party_id = $1 and sequence = $2`,
      [partyId, sequence],
    );
    return row?.content;
  }

  async digestAt(reader: Reader, partyId: number, sequence: bigint): Promise<Buffer | undefined> {
    const [row] = await reader.query<{ digest: Buffer }>(
      `select digest from feed_event where party_id = $1 and sequence = $2`,
      [partyId, sequence],
    );
    return row?.digest;
  }

  /** Forward only; whoever acknowledges an earlier position again changes nothing. */
  async acknowledge(tx: Tx, partyId: number, sequence: bigint): Promise<void> {
    await tx.query(
      `update feed_head set acknowledged_sequence = $2, acknowledged_at = gateway_now()
        where party_id = $1 and acknowledged_sequence < $2`,
      [partyId, sequence],
    );
  }

  /** Parties that once acknowledged, and have left the event after their position for longer than `hours`. */
  async stalled(
    reader: Reader,
    hours: number,
  ): Promise<readonly { code: string; acknowledged: bigint; last: bigint; since: Date }[]> {
    return reader.query(
      `select p.code, h.acknowledged_sequence as acknowledged, h.last_sequence as last, e.sealed_at as since
         from feed_head h
         join party p on p.id = h.party_id
         join feed_event e on e.party_id = h.party_id and e.sequence = h.acknowledged_sequence + 1
        where h.acknowledged_sequence > 0 and p.status = 'active'
          and e.sealed_at < gateway_now() - make_interval(hours => $1)
        order by p.code`,
      [hours],
    );
  }
}
