/**
 * What we owe others to say, as plain data in our own words: the closed union of outbound messages. The encoder of the
 * recipient's protocol turns one into bytes. Amounts are decimal strings here, since the row is JSON; instants are ISO.
 */
import type { Currency } from '../kernel/money';

/** The form a message goes out in. Answers take the form of what they answer (gepg-decisions A3). */
export type MessageForm = 'gepg-v4' | 'gepg-v5' | 'webhook';

/** The answer to one submission or change: a number for each bill, or the reasons why there is none. */
export interface BillsAnswered {
  readonly kind: 'bills-answered';
  readonly form: MessageForm;
  /** Ours; before any text of others in what we sign (SIG-16). */
  readonly answerId: string;
  /** The institution's id of the request; '' where its protocol has none. */
  readonly requestId: string;
  /** Present for generation 5, which answers a group of bills, of one or more. */
  readonly group?: {
    readonly billId: string;
    readonly controlNumber: string | null;
    /** Refusal codes of the whole, in order. */
    readonly faults: readonly string[];
  };
  readonly isChange: boolean;
  readonly bills: readonly {
    readonly billId: string;
    readonly controlNumber: string | null;
    /** Refusal codes of the bill, in order; empty when it was accepted. */
    readonly faults: readonly string[];
  }[];
}

/** One payment, once, to the institution that submitted the bill. A combined bill has several parts, others one. */
export interface PaymentConfirmed {
  readonly kind: 'payment-confirmed';
  readonly form: MessageForm;
  readonly paymentId: string;
  readonly receiptNumber: string;
  /** What the payer quoted: the number of the bill or of the group. */
  readonly controlNumber: string;
  readonly group?: { readonly code: string; readonly billId: string };
  readonly parts: readonly {
    readonly spCode: string;
    readonly billId: string;
    readonly controlNumber: string;
    readonly billAmount: string;
    /** Of this payment, surplus included: the parts sum to the payment. */
    readonly paidAmount: string;
    readonly paymentOption: string;
    readonly collectionAccount: string;
  }[];
  readonly currency: Currency;
  readonly paidAt: string;
  readonly channel: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly pspCode: string;
  readonly pspName: string;
  readonly pspTransactionId: string;
  /** The PSP's own third-party reference; '' when it gave none. */
  readonly thirdPartyId: string;
}

/** The early notice of a payment made online, which the bank has still to confirm (gepg-protocol.md §1.5). */
export interface PaymentAnnounced {
  readonly kind: 'payment-announced';
  readonly form: 'gepg-v4';
  readonly announcementId: string;
  readonly authorization: string;
  readonly spCode: string;
  readonly billId: string;
  readonly billVersion: number;
  readonly controlNumber: string;
  readonly paidAmount: string;
  readonly currency: Currency;
  readonly paidAt: string;
  readonly channel: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
}

/** The final result of a payment notification, to its PSP. */
export interface PaymentResult {
  readonly kind: 'payment-result';
  readonly form: MessageForm;
  readonly resultId: string;
  readonly pspTransactionId: string;
  readonly controlNumber: string;
  readonly receiptNumber: string;
}

/**
 * What became of a payment afterwards: taken back off its bills (reversed), given back to its payer (refunded, unless
 * the bank could not: refund returned), or set right (corrected). To the institution and, of a payment that came as JSON, its PSP; in feed and webhooks alone, since
 * GePG has no message for it.
 */
export interface PaymentAmended {
  readonly kind:
    'payment-reversed' | 'payment-refunded' | 'payment-refund-returned' | 'payment-corrected';
  readonly form: 'webhook';
  /** Of the reversal, refund or correction, which may be several of one payment: one event for each. */
  readonly amendmentId: string;
  readonly paymentId: string;
  readonly receiptNumber: string;
  readonly controlNumber: string;
  readonly pspCode: string;
  readonly pspTransactionId: string;
  readonly currency: Currency;
  /** How much was reversed, refunded or came back; of a correction, what the payment comes to from now on. */
  readonly amount: string;
  /** What was paid as it stood before, in all. */
  readonly amountBefore: string;
  /** The bills that it changes; none where the money was on no bill. */
  readonly bills: readonly {
    readonly billId: string;
    /** As it stands now. */
    readonly state: string;
    readonly paidAmount: string;
  }[];
  readonly reason: string;
}

/** The answer to a cancellation once more, for institutions that wait for a callback (gepg-decisions A12). */
export interface CancellationAnswered {
  readonly kind: 'cancellation-answered';
  readonly form: MessageForm;
  readonly answerId: string;
  readonly requestId: string;
  readonly billId: string;
  /** A CancellationResult of bills. */
  readonly result: string;
}

/** An institution's payments of one business day; its rows are read when the bytes are made, since a past day stands. */
export interface DayBatch {
  readonly kind: 'day-batch';
  readonly form: MessageForm;
  readonly answerId: string;
  readonly requestId: string;
  readonly groupCode: string;
  readonly systemId: string;
  readonly day: string;
  readonly option: 'successful' | 'exceptions';
}

/** An event of the recipient's feed, pushed to one of its endpoints. Its text is in the feed. */
export interface EventPushed {
  readonly kind: 'event';
  readonly form: 'webhook';
  readonly eventId: string;
  readonly endpointId: string;
  readonly sequence: string;
}

export type DeliveryMessage =
  | EventPushed
  | BillsAnswered
  | PaymentConfirmed
  | PaymentAnnounced
  | PaymentResult
  | PaymentAmended
  | CancellationAnswered
  | DayBatch;
