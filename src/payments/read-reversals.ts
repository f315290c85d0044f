/** Payments that were taken back, and what PSPs ask for, as officers see them. */
import { Injectable } from '@nestjs/common';
import { isId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { Database } from '../platform/database/database';
import { ReversePayment } from './reverse-payment';
import {
  type RequestFilter,
  ReversalViewStore,
  type ShownRequest,
  type ShownReversal,
} from './reversal-view.store';

export type { RequestFilter };

export const requestStates = ['requested', 'approved', 'declined'] as const;

@Injectable()
export class ReadReversals {
  constructor(
    private readonly database: Database,
    private readonly store: ReversalViewStore,
    private readonly reversePayment: ReversePayment,
  ) {}

  /** Newest first, one more than `length`. `before`: the last one of the page before. Refuses: reversal.unknown. */
  async requests(
    filter: RequestFilter,
    before: string | undefined,
    length: number,
  ): Promise<readonly ShownRequest[]> {
    if (before !== undefined && !isId(before)) throw unknown();
    return this.store.requests(this.database.reader, filter, before ?? null, length + 1);
  }

  /** Refuses: reversal.unknown. */
  async request(id: string): Promise<ShownRequest> {
    const found = isId(id) ? await this.store.request(this.database.reader, id) : undefined;
    if (found === undefined) throw unknown();
    return found;
  }

  /** Newest first, one more than `length`. `before`: the last one of the page before. Refuses: reversal.unknown. */
  async reversals(before: string | undefined, length: number): Promise<readonly ShownReversal[]> {
    if (before !== undefined && !isId(before)) throw unknown();
    return this.store.reversals(this.database.reader, before ?? null, length + 1);
  }

  /** What was taken back of a payment, and what its PSP asks of it. */
  async ofPayment(paymentId: string): Promise<{
    readonly reversals: readonly ShownReversal[];
    readonly requests: readonly ShownRequest[];
  }> {
    if (!isId(paymentId)) return { reversals: [], requests: [] };
    const { reader } = this.database;
    return {
      reversals: await this.store.ofPayment(reader, paymentId),
      requests: await this.store.requestsOfPayment(reader, paymentId),
    };
  }

  /**
   * What reversing a payment would take back now, in minor units, and whether we should owe it to the payer. Refuses:
   * payment.unknown, reversal.nothing-left, reversal.refunded.
   */
  async reversible(
    paymentId: string,
  ): Promise<{ readonly amountMinor: bigint; readonly isSettled: boolean }> {
    if (!isId(paymentId))
      throw new Refusal('payment.unknown', 'there is no such payment', 'not-found');
    return this.database.transaction(async (tx) => this.reversePayment.plan(tx, { paymentId }));
  }
}

function unknown(): Refusal {
  return new Refusal('reversal.unknown', 'there is no such request', 'not-found');
}
