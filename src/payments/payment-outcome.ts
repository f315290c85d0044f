/** What comes in with a payment notification and what it comes to, in the words that the files of this folder share. */
import type { AppliedPart } from '../bills/apply-payments';
import type { PaymentFault } from '../bills/bill.rules';
import type { NumberFault } from '../bills/control-number.rules';
import type { NotificationId } from '../kernel/ids';
import type { PaymentServiceProvider, ServiceProvider } from '../parties/party-directory';
import type { PaymentNotification } from './payment-notification';
import type { PaymentFieldFault, ReadPayment } from './payment.rules';
import type { StoredNotification } from './payment.store';

export interface ReceivedPayment {
  readonly psp: PaymentServiceProvider;
  readonly notification: PaymentNotification;
}

/** A notification whose fields could be read. */
export interface ReadNotification extends ReceivedPayment {
  readonly id: NotificationId;
  /** Its place in the batch. */
  readonly index: number;
  readonly read: Extract<ReadPayment, { ok: true }>;
}

export type PaymentRefusal = PaymentFieldFault | PaymentFault | NumberFault | 'payment.id-reused';

export type PaymentStatus =
  | { readonly isAccepted: true; readonly receiptNumber: string }
  | { readonly isAccepted: false; readonly refusal: PaymentRefusal };

/** `accepted`: the money is taken, on a bill or in suspense, and one final result is owed (rulings.md §1.2). */
export type PaymentOutcome = PaymentStatus & { readonly isRepeat: boolean };

/** A part of the money with the account that it landed on. */
export interface PlacedPart extends AppliedPart {
  readonly sp: ServiceProvider;
  readonly account: string;
}

/** What a stored notification came to. Money in suspense is taken like any other: the PSP has its receipt. */
export function statusOf(stored: StoredNotification): PaymentStatus {
  if (stored.receiptNumber !== null)
    return { isAccepted: true, receiptNumber: stored.receiptNumber };
  // The gate writes refusals only, of its own kind.
  return { isAccepted: false, refusal: stored.reason as PaymentRefusal };
}
