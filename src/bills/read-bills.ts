/**
 * An institution reads its bills: one, or a list in pages. Reads go through the tenant role, so that a forgotten
 * condition shows nothing of others.
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { Database, type Reader } from '../platform/database/database';
import type { BillFilter, BillView, ListPage } from './bill-view';
import { BillViewStore } from './bill-view.store';

@Injectable()
export class ReadBills {
  constructor(
    private readonly database: Database,
    private readonly store: BillViewStore,
  ) {}

  /** Refuses: bill.unknown, for a bill of another institution as for none. */
  async one(partyId: number, billId: string): Promise<BillView> {
    return this.database.forParty(partyId).read((reader) => this.oneOf(reader, partyId, billId));
  }

  /** As `one`, within the caller's transaction. */
  async oneOf(reader: Reader, partyId: number, billId: string): Promise<BillView> {
    const [bill] = await this.store.find(reader, partyId, [billId]);
    if (bill === undefined) throw new Refusal('bill.unknown', 'there is no such bill', 'not-found');
    return bill;
  }

  /** Those of these ids that exist, by id, within the caller's transaction. */
  async allOf(
    reader: Reader,
    partyId: number,
    billIds: readonly string[],
  ): Promise<ReadonlyMap<string, BillView>> {
    const bills = await this.store.find(reader, partyId, billIds);
    return new Map(bills.map((bill) => [bill.billId, bill]));
  }

  async search(partyId: number, filter: BillFilter, page: ListPage): Promise<readonly BillView[]> {
    return this.database
      .forParty(partyId)
      .read((reader) => this.store.search(reader, partyId, filter, page));
  }
}
