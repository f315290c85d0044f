/**
 * Gives committed events their numbers, per party without gaps, with a running digest (rulings.md §5). One sealer at a
 * time: its lock belongs to the transaction that writes, so a sealer that was cut off cannot write any more. Events of
 * one turn are numbered in the order in which they arose; what commits later gets later numbers.
 */
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database';
import { digestAfter, eventText, firstDigest } from './feed-digest.rules';
import { FeedStore, type SealedEvent, type UnsealedEvent } from './feed.store';

/** Measured with one turn a transaction: 2,000 events are about 2 MB of parameters. */
const batch = 2_000;

@Injectable()
export class SealFeed {
  constructor(
    private readonly database: Database,
    private readonly store: FeedStore,
  ) {}

  /** One turn; true when there may be more to seal at once. */
  async execute(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await this.store.lockSealer(tx);
      const events = await this.store.take(tx, batch);
      if (events.length > 0) await this.store.add(tx, seal(events));
      return events.length === batch;
    });
  }
}

function seal(events: readonly UnsealedEvent[]): readonly SealedEvent[] {
  const heads = new Map<number, { sequence: bigint; digest: Buffer }>();
  return events.map((event) => {
    const { partyId, eventId, type, subject, occurredAt, data } = event;
    const head = heads.get(partyId) ?? {
      sequence: event.lastSequence ?? 0n,
      digest: event.digest ?? firstDigest,
    };
    const sequence = head.sequence + 1n;
    const content = eventText({ id: eventId, sequence, type, occurredAt, data });
    const digest = digestAfter(head.digest, content);
    heads.set(partyId, { sequence, digest });
    return { partyId, sequence, eventId, type, subject, occurredAt, content, digest };
  });
}
