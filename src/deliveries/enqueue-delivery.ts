/** Puts messages in the outbox inside the caller's transaction, so that what is owed and why are committed together. */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database';
import { DeliveryStore, type NewDelivery } from './delivery.store';

export type { NewDelivery };

@Injectable()
export class EnqueueDelivery {
  constructor(private readonly store: DeliveryStore) {}

  /** `subject` orders deliveries to one recipient: a later one of the same subject waits for the earlier. */
  async execute(tx: Tx, deliveries: readonly NewDelivery[]): Promise<void> {
    if (deliveries.length > 0) await this.store.add(tx, deliveries);
  }

  /** The settled delivery of a subject once more, with the same bytes; one under way is left to itself. */
  async again(tx: Tx, subject: string): Promise<void> {
    await this.store.makeDue(tx, { subject });
  }
}
