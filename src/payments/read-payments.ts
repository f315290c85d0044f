/** An institution reads the payments on its bills, their receipts and the sums of a day, through the tenant role. */
import { Injectable } from '@nestjs/common';
import { type BusinessDay, businessDayOf } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { Database } from '../platform/database/database';
import type { DayTotal, PaymentFilter, PaymentView } from './payment-view';
import { PaymentViewStore } from './payment-view.store';

export interface DayOfPayments {
  readonly day: BusinessDay;
  /** Nothing can be added to it any more. */
  readonly isOver: boolean;
  readonly totals: readonly DayTotal[];
}

/** Lines that are read at a time. */
const chunk = 5_000;

@Injectable()
export class ReadPayments {
  constructor(
    private readonly database: Database,
    private readonly store: PaymentViewStore,
  ) {}

  /** Refuses: payment.unknown, for one of another institution as for none. */
  async one(partyId: number, filter: PaymentFilter): Promise<PaymentView> {
    const [payment] = await this.search(partyId, filter, { before: undefined, limit: 1 });
    if (payment === undefined)
      throw new Refusal('payment.unknown', 'there is no such payment', 'not-found');
    return payment;
  }

  async search(
    partyId: number,
    filter: PaymentFilter,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<readonly PaymentView[]> {
    return this.database
      .forParty(partyId)
      .read((reader) => this.store.search(reader, partyId, filter, page));
  }

  async day(partyId: number, day: BusinessDay): Promise<DayOfPayments> {
    return this.database.forParty(partyId).read(async (reader) => ({
      day,
      isOver: day < businessDayOf(await this.store.now(reader)),
      totals: await this.store.totals(reader, partyId, day),
    }));
  }

  /** Every payment of a day, newest first. */
  async *ofDay(partyId: number, day: BusinessDay): AsyncGenerator<readonly PaymentView[]> {
    let before: string | undefined;
    for (;;) {
      const found = await this.search(partyId, { day }, { before, limit: chunk });
      yield found.slice(0, chunk);
      if (found.length <= chunk) return;
      before = found[chunk - 1]?.id;
    }
  }
}
