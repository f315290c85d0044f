/**
 * Moves money from suspense to the bill that it was meant for, which may have ended: two officers said so. The
 * confirmation is owed with the original time (rulings.md §8).
 */
import { Injectable } from '@nestjs/common';
import { ApplyPayments } from '../bills/apply-payments';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { type MessageId, newId, type NotificationId } from '../kernel/ids';
import { formatAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { PostEntries } from '../ledger/post-entries';
import { PartyDirectory } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { Tx } from '../platform/database/database';
import { CorrectedPaymentStore, type HeldPayment, type Officers } from './corrected-payment.store';
import type { ReadNotification } from './payment-outcome';
import { taken } from './payment-record';
import { institutionsOf, placeOnBill } from './record-payment';
import { placementEntry } from './reversal.rules';

@Injectable()
export class PlacePayment {
  constructor(
    private readonly store: CorrectedPaymentStore,
    private readonly bills: ApplyPayments,
    private readonly directory: PartyDirectory,
    private readonly ledger: PostEntries,
    private readonly deliveries: EnqueueDelivery,
    private readonly audit: AuditTrail,
  ) {}

  /** Refuses: payment.unknown, payment.not-in-suspense, payment.not-placeable. */
  async execute(
    tx: Tx,
    placing: Officers & { readonly paymentId: string; readonly controlNumber: string },
  ): Promise<void> {
    const payment = await this.store.hold(tx, placing.paymentId);
    if (payment === undefined)
      throw new Refusal('payment.unknown', 'there is no such payment', 'not-found');
    const placed = await this.store.parts(tx, payment.id);
    if (
      payment.destination !== 'suspense' ||
      placed.length > 0 ||
      payment.takenBackMinor + payment.refundedMinor > 0n
    ) {
      throw new Refusal(
        'payment.not-in-suspense',
        'the money is not in suspense, or not all of it any more',
        'conflict',
      );
    }
    const { now, day } = await this.store.moment(tx);
    const row = await this.asNotified(tx, payment, placing.controlNumber);
    const applied = await placeOnBill(tx, this.bills, row, now);
    const institutions = await institutionsOf(tx, this.directory, applied);
    // What a notification would leave behind, of which the payment itself is there already.
    const { allocations, deliveries } = taken(
      row,
      applied,
      institutions,
      { now, day, sequences: [] },
      '0',
    );
    const own = allocations.map((each) => ({
      ...each,
      paymentId: payment.id,
      collectionAccount: payment.collectionAccount,
    }));
    await this.store.addAllocations(tx, own);
    await this.ledger.execute(tx, [
      placementEntry({
        id: payment.id,
        businessDay: day,
        currency: payment.currency,
        psp: payment.pspCode,
        parts: applied.parts.map(({ bill, share }) => ({
          sp: bill.spCode,
          collectionAccount: payment.collectionAccount,
          items: bill.items.map((item, i) => ({
            gfsCode: item.gfsCode,
            amountMinor: share.itemAmounts[i] ?? 0n,
          })),
          surplusMinor: share.surplusMinor,
        })),
      }),
    ]);
    await this.deliveries.execute(
      tx,
      deliveries.flatMap((each) =>
        each.message.kind === 'payment-confirmed'
          ? [
              {
                ...each,
                message: {
                  ...each.message,
                  paymentId: payment.id,
                  receiptNumber: payment.receiptNumber,
                },
              },
            ]
          : [],
      ),
    );
    await this.audit.record(tx, {
      actor: placing.approvedBy,
      action: 'payment.placed',
      subject: payment.id,
      detail: {
        controlNumber: placing.controlNumber,
        requestedBy: placing.requestedBy,
      },
    });
  }

  private async asNotified(
    tx: Tx,
    payment: HeldPayment,
    controlNumber: string,
  ): Promise<ReadNotification> {
    const psp = await this.directory.find(payment.pspCode, tx);
    if (psp?.kind !== 'payment-service-provider') throw new Error('a payment has a PSP');
    return {
      id: newId<NotificationId>(),
      index: 0,
      psp,
      notification: {
        transactionId: payment.transactionId,
        controlNumber,
        amount: formatAmount(payment.amountMinor),
        currency: payment.currency,
        paidAt: payment.paidAt.toISOString(),
        messageId: newId<MessageId>(),
        form: 'webhook',
        pspReference: '',
        collectionAccount: '',
        channel: payment.channel,
        payerName: payment.payerName,
        payerPhone: payment.payerPhone,
        payerEmail: payment.payerEmail,
        thirdPartyId: '',
        resultUrl: '',
      },
      read: {
        ok: true,
        amountMinor: payment.amountMinor,
        currency: payment.currency,
        paidAt: payment.paidAt,
        flags: [],
      },
    };
  }
}
