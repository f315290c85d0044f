/** A payment notification in our own words, with every field as received. */
import type { MessageForm } from '../deliveries/delivery-message';
import type { RawPayment } from './payment.rules';

export interface PaymentNotification extends RawPayment {
  readonly messageId: string;
  /** The form it came in; the final result goes out in the same. */
  readonly form: MessageForm;
  readonly pspReference: string;
  readonly collectionAccount: string;
  readonly channel: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  /** A third party's reference of the payment; '' when there is none. */
  readonly thirdPartyId: string;
  readonly resultUrl: string;
}
