/** Read side of the outbox: what is owed, every try at it, and which recipients count as down. */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { Database } from '../platform/database/database';
import { BreakerStore, type OpenBreaker } from './breaker.store';
import { DeliveryStore } from './delivery.store';
import {
  type DeliveryState,
  type ListedAttempt,
  type ListedDelivery,
  ReviewStore,
} from './review.store';

export type { DeliveryState };

@Injectable()
export class ReviewDeliveries {
  constructor(
    private readonly database: Database,
    private readonly store: ReviewStore,
    private readonly deliveries: DeliveryStore,
    private readonly breakers: BreakerStore,
  ) {}

  /** The newest first. */
  async list(filter: {
    state?: DeliveryState;
    recipient?: string;
    limit: number;
  }): Promise<readonly ListedDelivery[]> {
    return this.store.list(this.database.reader, filter);
  }

  async attempts(
    id: bigint,
  ): Promise<{ readonly delivery: ListedDelivery; readonly attempts: readonly ListedAttempt[] }> {
    const delivery = await this.store.find(this.database.reader, id);
    if (delivery === undefined)
      throw new Refusal('delivery.unknown', `there is no delivery ${String(id)}`, 'not-found');
    return { delivery, attempts: await this.store.attempts(this.database.reader, id) };
  }

  async countOpen(): Promise<number> {
    return this.deliveries.countOpen(this.database.reader);
  }

  async openBreakers(): Promise<readonly OpenBreaker[]> {
    return this.breakers.list(this.database.reader);
  }
}
