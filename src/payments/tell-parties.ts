/**
 * What a payment makes us owe: the confirmation to the institution and the final result to the PSP, put in the outbox
 * inside the transaction of the posting. TrxId to institutions is our own payment id (rulings.md §4).
 */
import { Injectable } from '@nestjs/common';
import type { StoredBill } from '../bills/stored-bill';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { type Currency, formatAmount } from '../kernel/money';
import type { PaymentServiceProvider, ServiceProvider } from '../parties/party-directory';
import type { Tx } from '../platform/database/database';
import type { PaymentNotification } from './payment-notification';
import { isRegisteredUrl } from './payment-routing.rules';

@Injectable()
export class TellParties {
  constructor(private readonly deliveries: EnqueueDelivery) {}

  /** The confirmation owed to the institution; confirmations of one control number go out in order. */
  async confirm(
    tx: Tx,
    notification: PaymentNotification,
    psp: PaymentServiceProvider,
    read: { readonly amountMinor: bigint; readonly currency: Currency; readonly paidAt: Date },
    bill: StoredBill,
    sp: ServiceProvider,
    payment: { id: string; receiptNumber: string },
    account: string,
  ): Promise<void> {
    await this.deliveries.execute(tx, [
      {
        recipientId: sp.id,
        subject: bill.controlNumber,
        url: sp.endpoints.payment,
        message: {
          kind: 'payment-confirmed',
          form: 'gepg-v4',
          paymentId: payment.id,
          receiptNumber: payment.receiptNumber,
          controlNumber: bill.controlNumber,
          parts: [
            {
              spCode: sp.code,
              billId: bill.spBillId,
              controlNumber: bill.controlNumber,
              billAmount: formatAmount(bill.amountMinor),
              paidAmount: formatAmount(read.amountMinor),
              paymentOption: bill.option,
              collectionAccount: account,
            },
          ],
          currency: read.currency,
          paidAt: read.paidAt.toISOString(),
          channel: notification.channel,
          payerName: notification.payerName || bill.payerName,
          payerPhone: notification.payerPhone || bill.payerPhone,
          payerEmail: notification.payerEmail || bill.payerEmail,
          pspCode: psp.code,
          pspName: psp.name,
          pspTransactionId: notification.transactionId,
          thirdPartyId: notification.thirdPartyId,
        },
      },
    ]);
  }

  /** The final result owed to the PSP, at its registered address when the given one is foreign. */
  async oweResult(
    tx: Tx,
    psp: PaymentServiceProvider,
    notification: PaymentNotification,
    paymentId: string,
    receiptNumber: string,
  ): Promise<void> {
    const url = isRegisteredUrl(psp, notification.resultUrl)
      ? notification.resultUrl
      : psp.resultUrl;
    await this.deliveries.execute(tx, [
      {
        recipientId: psp.id,
        subject: `${psp.code}/${notification.transactionId}`,
        url,
        message: {
          kind: 'payment-result',
          form: notification.form,
          controlNumber: notification.controlNumber,
          resultId: paymentId,
          pspTransactionId: notification.transactionId,
          receiptNumber,
        },
      },
    ]);
  }
}
