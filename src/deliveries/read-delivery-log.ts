/** A party reads the log of what was sent to it, through the tenant role. */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { Database } from '../platform/database/database';
import { DeliveryLogStore } from './delivery-log.store';
import type { DeliveryAttemptView, DeliveryFilter, DeliveryView } from './delivery-view';

@Injectable()
export class ReadDeliveryLog {
  constructor(
    private readonly database: Database,
    private readonly store: DeliveryLogStore,
  ) {}

  async search(
    partyId: number,
    filter: DeliveryFilter,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<readonly DeliveryView[]> {
    return this.database
      .forParty(partyId)
      .read((reader) => this.store.search(reader, partyId, filter, page));
  }

  /** Refuses: delivery.unknown, for one to another party as for none. */
  async one(
    partyId: number,
    id: bigint,
  ): Promise<{ delivery: DeliveryView; attempts: readonly DeliveryAttemptView[] }> {
    return this.database.forParty(partyId).read(async (reader) => {
      const first = { before: undefined, limit: 1 };
      const [delivery] = await this.store.search(reader, partyId, { id }, first);
      if (delivery === undefined)
        throw new Refusal('delivery.unknown', 'there is no such delivery', 'not-found');
      return { delivery, attempts: await this.store.attempts(reader, partyId, id) };
    });
  }
}
