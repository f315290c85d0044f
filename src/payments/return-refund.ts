/**
 * A refund that the bank paid came back, since the payee's account is closed or does not exist. All of the money is where
 * it was before the refund, also when the bank kept something for its work, and may be refunded anew, to another account,
 * by two officers; of a payment that was reversed after settlement we still owe it. The institution hears of it, and an
 * alarm tells the officers (rulings.md §8).
 */
import { Injectable } from '@nestjs/common';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { newId } from '../kernel/ids';
import { formatAmount } from '../kernel/money';
import { PostEntries } from '../ledger/post-entries';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { Tx } from '../platform/database/database';
import { CorrectedPaymentStore } from './corrected-payment.store';
import { refundNotices } from './refund-notice';
import { RefundStore } from './refund.store';
import { refundReturnEntry } from './reversal.rules';

@Injectable()
export class ReturnRefund {
  constructor(
    private readonly store: RefundStore,
    private readonly payments: CorrectedPaymentStore,
    private readonly ledger: PostEntries,
    private readonly deliveries: EnqueueDelivery,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Its id, and what the bank kept of it in minor units, for the posting of the bank's credit (bank-unallocated and
   * bank-charge to refund-payable), once; undefined where no paid refund of this currency has this end-to-end id, or where
   * more came back than was sent.
   */
  async execute(
    tx: Tx,
    endToEndId: string,
    cameMinor: bigint,
    currency: string,
    why: string,
  ): Promise<{ readonly id: string; readonly chargeMinor: bigint } | undefined> {
    const [refund] = await this.store.list(tx, { endToEndId, state: 'paid' });
    if (refund?.currency !== currency || cameMinor > refund.amountMinor) return undefined;
    if (!(await this.store.markReturned(tx, refund.id))) return undefined;
    const { amountMinor } = refund;
    const chargeMinor = amountMinor - cameMinor;
    const payment = await this.payments.hold(tx, refund.paymentId);
    if (payment === undefined) throw new Error('a refund is of a payment');
    const parts = await this.payments.parts(tx, payment.id);
    if (refund.source !== 'reversal') {
      const { day } = await this.payments.moment(tx);
      await this.ledger.execute(tx, [
        refundReturnEntry({
          id: refund.id,
          businessDay: day,
          currency: payment.currency,
          psp: payment.pspCode,
          sp: parts.find((part) => part.surplusMinor > 0n)?.spCode,
          source: refund.source,
          amountMinor,
        }),
      ]);
    }
    const institutions =
      refund.source === 'suspense' ? [] : [...new Set(parts.map((part) => part.spId))];
    await this.deliveries.execute(
      tx,
      refundNotices('payment-refund-returned', payment, institutions, {
        id: newId(),
        amountMinor,
        reason: why,
      }),
    );
    await this.audit.record(tx, {
      actor: 'settlement',
      action: 'refund.returned',
      subject: payment.id,
      detail: {
        refund: refund.id,
        amount: formatAmount(amountMinor),
        charge: formatAmount(chargeMinor),
        reason: why,
      },
    });
    const kept = `${formatAmount(chargeMinor)} ${currency}`;
    await this.audit.raiseAlarm(tx, {
      kind: 'refund-returned',
      subject: endToEndId,
      detail:
        chargeMinor === 0n
          ? `the bank gave the refund of ${payment.receiptNumber} back: ${why}`
          : `the bank gave the refund of ${payment.receiptNumber} back, and kept ${kept} of it: ${why}`,
    });
    return { id: refund.id, chargeMinor };
  }
}
