/** What institutions hear of a refund of money that is theirs: that it goes to the payer, and that it came back. */
import type { DeliveryMessage } from '../deliveries/delivery-message';
import { formatAmount } from '../kernel/money';
import type { HeldPayment } from './corrected-payment.store';

export interface RefundNotice {
  readonly recipientId: number;
  readonly subject: string;
  readonly url: null;
  readonly message: DeliveryMessage;
}

/** One event in each feed that it concerns. `id` is the refund's, or that of its return. */
export function refundNotices(
  kind: 'payment-refunded' | 'payment-refund-returned',
  payment: HeldPayment,
  institutions: readonly number[],
  refund: { readonly id: string; readonly amountMinor: bigint; readonly reason: string },
): readonly RefundNotice[] {
  return institutions.map((recipientId, place) => ({
    recipientId,
    subject: payment.controlNumber,
    url: null,
    message: {
      kind,
      form: 'webhook',
      amendmentId: place === 0 ? refund.id : `${refund.id}_${String(place)}`,
      paymentId: payment.id,
      receiptNumber: payment.receiptNumber,
      controlNumber: payment.controlNumber,
      pspCode: payment.pspCode,
      pspTransactionId: payment.transactionId,
      currency: payment.currency,
      amount: formatAmount(refund.amountMinor),
      amountBefore: formatAmount(payment.amountMinor),
      bills: [],
      reason: refund.reason,
    },
  }));
}
