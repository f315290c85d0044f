/**
 * Tells a PSP what became of a notification it sent: the receipt, or the refusal. It may ask once in 10 s and 20 times
 * an hour about one transaction id; the count is kept in the database, so that several processes are one guard.
 */
import { Injectable } from '@nestjs/common';
import type { PaymentServiceProvider } from '../parties/party-directory';
import type { Tx } from '../platform/database/database';
import { type PaymentRefusal, statusOf } from './payment-outcome';
import { PaymentStore } from './payment.store';

export type StatusRefusal = 'payment.unknown' | 'payment.asked-too-often';

export interface FoundPayment {
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  /** null: refused. */
  readonly receiptNumber: string | null;
}

@Injectable()
export class FindPayment {
  constructor(private readonly store: PaymentStore) {}

  /** A refused payment is found, with its refusal. */
  async execute(
    tx: Tx,
    psp: PaymentServiceProvider,
    transactionId: string,
  ): Promise<
    | { readonly refusal: StatusRefusal; readonly payment?: undefined }
    | { readonly refusal: PaymentRefusal | undefined; readonly payment: FoundPayment }
  > {
    const found = await this.store.findAsked(tx, psp.id, transactionId);
    if (found === undefined) return { refusal: 'payment.unknown' };
    if (!found.isAllowed) return { refusal: 'payment.asked-too-often' };
    const status = statusOf(found);
    return { refusal: status.isAccepted ? undefined : status.refusal, payment: found };
  }
}
