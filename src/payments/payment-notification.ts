/** A payment notification in our own words, with every field as received. */
import type { RawPayment } from './payment.rules';

export interface PaymentNotification extends RawPayment {
  readonly messageId: string;
  readonly pspReference: string;
  readonly collectionAccount: string;
  readonly channel: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly resultUrl: string;
}
