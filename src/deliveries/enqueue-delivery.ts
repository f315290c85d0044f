/**
 * Puts messages in the outbox inside the caller's transaction, so that what is owed and why are committed together.
 * Those that are events of the recipient's feed are kept for the sealer; webhooks are sent from the feed, so a message
 * in that form is an event and nothing else.
 */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database';
import { DeliveryStore, type NewDelivery } from './delivery.store';
import { eventOf } from './feed-event';
import { FeedStore } from './feed.store';

export type { NewDelivery };

@Injectable()
export class EnqueueDelivery {
  constructor(
    private readonly store: DeliveryStore,
    private readonly feed: FeedStore,
  ) {}

  /** `subject` orders deliveries to one recipient: a later one of the same subject waits for the earlier. */
  async execute(tx: Tx, deliveries: readonly NewDelivery[]): Promise<void> {
    const pushed = deliveries.filter(({ message }) => message.form !== 'webhook');
    const events = deliveries.flatMap((each) => eventOf(each) ?? []);
    await tx.together(
      async () => {
        if (pushed.length > 0) await this.store.add(tx, pushed);
      },
      async () => {
        if (events.length > 0) await this.feed.keep(tx, events);
      },
    );
  }

  /** The settled delivery of a subject once more, with the same bytes; one under way is left to itself. */
  async again(tx: Tx, subject: string): Promise<void> {
    await this.store.makeDue(tx, subject);
  }
}
