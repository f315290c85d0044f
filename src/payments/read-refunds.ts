/** Refunds and their files as officers see them. Payees are masked but where somebody asks to see one. */
import { Injectable } from '@nestjs/common';
import { isId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { Database } from '../platform/database/database';
import { maskedPayee } from './payer.rules';
import type { RefundSource } from './refund.store';
import {
  type RefundFilter,
  RefundViewStore,
  type ShownBatch,
  type ShownRefund,
  type WaitingRefunds,
} from './refund-view.store';
import { type Refundable, WeighRefund } from './weigh-refund';

export type { RefundFilter, Refundable };

export const refundSources: readonly RefundSource[] = ['suspense', 'surplus', 'reversal'];
export const refundStates = ['approved', 'instructed', 'paid', 'returned'] as const;

const latestBatches = 20;

@Injectable()
export class ReadRefunds {
  constructor(
    private readonly database: Database,
    private readonly store: RefundViewStore,
    private readonly weighing: WeighRefund,
  ) {}

  /** Newest first, one more than `length`. `before`: the last one of the page before. Refuses: refund.unknown. */
  async search(
    filter: RefundFilter,
    before: string | undefined,
    length: number,
  ): Promise<readonly ShownRefund[]> {
    if (before !== undefined && !isId(before)) throw unknown();
    const { reader } = this.database;
    const found = await this.store.search(reader, filter, before ?? null, length + 1);
    return found.map(maskedPayee);
  }

  /** The payee in full where `isRevealed`. Refuses: refund.unknown. */
  async one(id: string, isRevealed = false): Promise<ShownRefund> {
    const [found] = isId(id) ? await this.store.byIds(this.database.reader, [id]) : [];
    if (found === undefined) throw unknown();
    return isRevealed ? found : maskedPayee(found);
  }

  async some(ids: readonly string[]): Promise<readonly ShownRefund[]> {
    const found = await this.store.byIds(this.database.reader, ids.filter(isId));
    return found.map(maskedPayee);
  }

  async ofPayment(paymentId: string): Promise<readonly ShownRefund[]> {
    if (!isId(paymentId)) return [];
    return (await this.store.ofPayment(this.database.reader, paymentId)).map(maskedPayee);
  }

  /** What each account could be instructed to pay now. */
  async waiting(): Promise<readonly WaitingRefunds[]> {
    return this.store.waiting(this.database.reader);
  }

  /** The latest files, the newest first. */
  async batches(): Promise<readonly ShownBatch[]> {
    return this.store.batches(this.database.reader, latestBatches);
  }

  /** Refuses: refund.batch-unknown. */
  async batch(
    id: string,
  ): Promise<{ readonly batch: ShownBatch; readonly refunds: readonly ShownRefund[] }> {
    const { reader } = this.database;
    const batch = isId(id) ? await this.store.batch(reader, id) : undefined;
    if (batch === undefined)
      throw new Refusal('refund.batch-unknown', `there is no batch ${id}`, 'not-found');
    return { batch, refunds: (await this.store.ofBatch(reader, id)).map(maskedPayee) };
  }

  /** How much of a payment can be refunded, and from what. Refuses: payment.unknown. */
  async refundable(paymentId: string): Promise<Refundable> {
    return this.database.transaction((tx) => this.weighing.refundable(tx, paymentId));
  }
}

function unknown(): Refusal {
  return new Refusal('refund.unknown', 'there is no such refund', 'not-found');
}
