/**
 * What a payment makes us owe: the confirmation to the institution and the final result to the PSP, as outbox rows for
 * the transaction of the posting. TrxId to institutions is our own payment id (rulings.md §4).
 */
import type { BillForm } from '../bills/bill-submission';
import type { StoredNumber } from '../bills/stored-bill';
import type { MessageForm } from '../deliveries/delivery-message';
import type { NewDelivery } from '../deliveries/enqueue-delivery';
import { formatAmount } from '../kernel/money';
import type { ServiceProvider } from '../parties/party-directory';
import { isRegisteredUrl } from './payment-routing.rules';
import type { PlacedPart, ReadNotification } from './payment-outcome';

interface Receipt {
  readonly id: string;
  readonly receiptNumber: string;
}

function messageForm(form: BillForm): MessageForm {
  return form === 'json' ? 'webhook' : form;
}

/**
 * The confirmation owed to the institution that submitted the bill or the group, with the parts that got money, in the
 * form the bill came in; confirmations of one control number go out in order.
 */
export function confirmationOf(
  { psp, notification, read }: ReadNotification,
  stored: StoredNumber,
  submitter: ServiceProvider,
  parts: readonly PlacedPart[],
  receipt: Receipt,
): NewDelivery {
  const { group } = stored;
  const [first] = stored.bills;
  return {
    recipientId: submitter.id,
    subject: stored.controlNumber,
    url: submitter.endpoints.payment,
    message: {
      kind: 'payment-confirmed',
      form: messageForm(group?.form ?? first.form),
      paymentId: receipt.id,
      receiptNumber: receipt.receiptNumber,
      controlNumber: stored.controlNumber,
      ...(group === undefined ? {} : { group: { code: group.code, billId: group.billId } }),
      parts: parts.map(({ bill, share, sp, account }) => ({
        spCode: sp.code,
        billId: bill.spBillId,
        controlNumber: bill.controlNumber,
        billAmount: formatAmount(bill.amountMinor),
        paidAmount: formatAmount(share.principalMinor + share.surplusMinor),
        paymentOption: bill.option,
        collectionAccount: account,
      })),
      currency: read.currency,
      paidAt: read.paidAt.toISOString(),
      channel: notification.channel,
      payerName: notification.payerName || first.payerName,
      payerPhone: notification.payerPhone || first.payerPhone,
      payerEmail: notification.payerEmail || first.payerEmail,
      pspCode: psp.code,
      pspName: psp.name,
      pspTransactionId: notification.transactionId,
      thirdPartyId: notification.thirdPartyId,
    },
  };
}

/** The final result owed to the PSP, at its registered address when the given one is foreign. */
export function resultOf({ psp, notification }: ReadNotification, receipt: Receipt): NewDelivery {
  const isOwn = isRegisteredUrl(psp, notification.resultUrl);
  return {
    recipientId: psp.id,
    subject: `${psp.code}/${notification.transactionId}`,
    url: isOwn ? notification.resultUrl : psp.resultUrl,
    message: {
      kind: 'payment-result',
      form: notification.form,
      controlNumber: notification.controlNumber,
      resultId: receipt.id,
      pspTransactionId: notification.transactionId,
      receiptNumber: receipt.receiptNumber,
    },
  };
}
