/**
 * What we owe others to say, as plain data in our own words: the closed union of outbound messages. The encoder of the
 * recipient's protocol turns one into bytes. Amounts are decimal strings here, since the row is JSON; instants are ISO.
 */
import type { Currency } from '../kernel/money';

/** The answer to one submission: a number, or the reasons why there is none. */
export interface BillsAnswered {
  readonly kind: 'bills-answered';
  readonly bills: readonly {
    readonly billId: string;
    readonly controlNumber: string | null;
    /** Refusal codes of the bill, in order; empty when it was accepted. */
    readonly faults: readonly string[];
  }[];
}

export interface PaymentConfirmed {
  readonly kind: 'payment-confirmed';
  readonly paymentId: string;
  readonly receiptNumber: string;
  readonly spCode: string;
  readonly billId: string;
  readonly controlNumber: string;
  readonly billAmount: string;
  readonly paidAmount: string;
  readonly paymentOption: string;
  readonly currency: Currency;
  readonly paidAt: string;
  readonly channel: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly pspCode: string;
  readonly pspName: string;
  readonly pspTransactionId: string;
  readonly collectionAccount: string;
}

/** The final result of a payment notification, to its PSP. */
export interface PaymentResult {
  readonly kind: 'payment-result';
  readonly resultId: string;
  readonly pspTransactionId: string;
  readonly receiptNumber: string;
}

export type DeliveryMessage = BillsAnswered | PaymentConfirmed | PaymentResult;
