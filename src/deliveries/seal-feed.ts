/**
 * Gives committed events their numbers, per party without gaps, with a running digest (rulings.md §5). One sealer at a
 * time: its lock belongs to the transaction that writes, so a sealer that was cut off cannot write any more. Events of
 * one turn are numbered in the order in which they arose; what commits later gets later numbers.
 */
import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../platform/database/database';
import { DeliveryStore, type NewDelivery } from './delivery.store';
import { digestAfter, eventText, firstDigest } from './feed-digest.rules';
import { FeedStore, type SealedEvent, type UnsealedEvent } from './feed.store';
import { WebhookStore } from './webhook.store';

/** Bounds what one statement carries and for how long the sealer's lock is held. Chosen, not measured. */
const batch = 2_000;

@Injectable()
export class SealFeed {
  constructor(
    private readonly database: Database,
    private readonly store: FeedStore,
    private readonly webhooks: WebhookStore,
    private readonly deliveries: DeliveryStore,
  ) {}

  /** One turn; true when there may be more to seal at once. */
  async execute(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await this.store.lockSealer(tx);
      const events = await this.store.take(tx, batch);
      if (events.length > 0) await this.publish(tx, seal(events));
      return events.length === batch;
    });
  }

  /** A webhook for each endpoint that wants the event, owed from the moment that the event has its number. */
  private async publish(tx: Tx, events: readonly SealedEvent[]): Promise<void> {
    await this.store.add(tx, events);
    const parties = [...new Set(events.map((event) => event.partyId))];
    const endpoints = await this.webhooks.ofParties(tx, parties);
    if (endpoints.length === 0) return;
    const pushed = events.flatMap((event) =>
      endpoints
        .filter(({ partyId, eventTypes }) => partyId === event.partyId && wants(eventTypes, event))
        .map(({ id, url }) => pushOf(event, id, url)),
    );
    if (pushed.length > 0) await this.deliveries.add(tx, pushed);
  }
}

function wants(eventTypes: readonly string[], { type }: SealedEvent): boolean {
  return eventTypes.length === 0 || eventTypes.includes(type);
}

/** In order for each bill and endpoint: an endpoint that is dead holds up no other. */
function pushOf(event: SealedEvent, endpointId: string, url: string): NewDelivery {
  const { partyId, eventId, subject, sequence } = event;
  return {
    recipientId: partyId,
    endpoint: endpointId,
    subject,
    url,
    message: { kind: 'event', form: 'webhook', eventId, endpointId, sequence: String(sequence) },
  };
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
