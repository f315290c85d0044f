/**
 * Takes a payment notification, in the caller's transaction: the gate, the bill under its lock, the payment, the
 * ledger entry, the confirmation and the final result owed. All of it commits together or not at all, and the answer
 * leaves after the commit (security-reliability §3.2). What is refused is an outcome, not a thrown Refusal, since a
 * rollback would take its evidence along (rulings.md §2).
 */
import { Injectable } from '@nestjs/common';
import type { StoredBill } from '../bills/stored-bill';
import type { PaymentFault } from '../bills/bill.rules';
import { ApplyPayments, type AppliedPayment } from '../bills/apply-payments';
import { hasValidCheckDigit } from '../bills/control-number.rules';
import { type NotificationId, newId, type PaymentId } from '../kernel/ids';
import { paymentEntry, suspenseEntry } from '../ledger/entry.rules';
import { PostEntries } from '../ledger/post-entries';
import {
  type PaymentServiceProvider,
  type ServiceProvider,
  PartyDirectory,
} from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { Tx } from '../platform/database/database';
import { type PaymentFieldFault, readPayment, receiptNumberFor } from './payment.rules';
import type { PaymentNotification } from './payment-notification';
import { collectionAccountFor, defaultAccount, isRegisteredUrl } from './payment-routing.rules';
import { type GateRow, PaymentStore } from './payment.store';
import { TellParties } from './tell-parties';

export type PaymentRefusal =
  | PaymentFieldFault
  | PaymentFault
  | 'payment.id-reused'
  | 'control-number.malformed'
  | 'control-number.unknown';

/** `accepted`: the money is taken, on a bill or in suspense, and one final result is owed (rulings.md §1.2). */
export type PaymentOutcome =
  | { readonly isAccepted: true; readonly isRepeat: boolean; readonly receiptNumber: string }
  | { readonly isAccepted: false; readonly isRepeat: boolean; readonly refusal: PaymentRefusal };

type Read = Extract<ReturnType<typeof readPayment>, { ok: true }>;

interface Receipt {
  readonly notification: PaymentNotification;
  readonly psp: PaymentServiceProvider;
  readonly read: Read;
  readonly gate: GateRow & { readonly id: string };
}

@Injectable()
export class ReceivePayment {
  constructor(
    private readonly store: PaymentStore,
    private readonly bills: ApplyPayments,
    private readonly ledger: PostEntries,
    private readonly parties: TellParties,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
  ) {}

  async execute(
    tx: Tx,
    psp: PaymentServiceProvider,
    notification: PaymentNotification,
  ): Promise<PaymentOutcome> {
    const read = readPayment(notification, await this.store.now(tx));
    if (!read.ok) return { isAccepted: false, isRepeat: false, refusal: read.fault };
    const id = newId<NotificationId>();
    const gate = await this.store.openGate(tx, {
      id,
      pspId: psp.id,
      transactionId: notification.transactionId,
      controlNumber: notification.controlNumber,
      amountMinor: read.amountMinor,
      currency: read.currency,
      messageId: notification.messageId,
      paidAt: read.paidAt,
      flags: read.flags,
    });
    if (gate === undefined) return this.repeat(tx, psp, notification, read);
    const receipt: Receipt = { notification, psp, read, gate: { ...gate, id } };
    const [applied] = await this.bills.execute(
      tx,
      [
        {
          controlNumber: notification.controlNumber,
          amountMinor: read.amountMinor,
          currency: read.currency,
          collectionAccount: notification.collectionAccount,
        },
      ],
      gate.receivedAt,
    );
    if (applied?.decision.accepted) return this.take(tx, receipt, applied, applied.decision);
    const refusal: PaymentRefusal =
      applied !== undefined && !applied.decision.accepted
        ? applied.decision.fault
        : hasValidCheckDigit(notification.controlNumber)
          ? 'control-number.unknown'
          : 'control-number.malformed';
    return psp.policy === 'irrevocable'
      ? this.keepInSuspense(tx, receipt, refusal, applied?.bill)
      : this.refuse(tx, receipt, refusal, applied?.bill);
  }

  private async take(
    tx: Tx,
    receipt: Receipt,
    applied: AppliedPayment,
    decision: Extract<AppliedPayment['decision'], { accepted: true }>,
  ): Promise<PaymentOutcome> {
    const { bill } = applied;
    const sp = await this.serviceProvider(bill);
    const account = accountOf(sp, receipt);
    const payment = await this.insert(tx, receipt, 'bill', account);
    await this.store.insertAllocation(tx, {
      paymentId: payment.id,
      billId: bill.id,
      spId: bill.spId,
      principalMinor: decision.principalMinor,
      surplusMinor: decision.surplusMinor,
      coverNumber: decision.covers ? decision.bill.coverNumber : null,
      billVersion: applied.version,
    });
    await this.ledger.execute(tx, [
      paymentEntry({
        paymentId: payment.id,
        businessDay: receipt.gate.businessDay,
        currency: receipt.read.currency,
        psp: receipt.psp.code,
        collectionAccount: account,
        sp: bill.spCode,
        items: bill.items.map((item, i) => ({
          gfsCode: item.gfsCode,
          amountMinor: decision.itemAmounts[i] ?? 0n,
        })),
        surplusMinor: decision.surplusMinor,
      }),
    ]);
    await this.parties.confirm(
      tx,
      receipt.notification,
      receipt.psp,
      receipt.read,
      bill,
      sp,
      payment,
      account,
    );
    await this.finish(tx, receipt, payment, {
      outcome: 'taken',
      reason: null,
      billId: bill.id,
      flags: [],
    });
    return { isAccepted: true, isRepeat: false, receiptNumber: payment.receiptNumber };
  }

  private async keepInSuspense(
    tx: Tx,
    receipt: Receipt,
    refusal: PaymentRefusal,
    bill: StoredBill | undefined,
  ): Promise<PaymentOutcome> {
    const { psp, read, gate } = receipt;
    const sp = bill && (await this.serviceProvider(bill));
    const account = sp === undefined ? defaultAccount(psp, read.currency) : accountOf(sp, receipt);
    const payment = await this.insert(tx, receipt, 'suspense', account);
    await this.ledger.execute(tx, [
      suspenseEntry({
        paymentId: payment.id,
        businessDay: gate.businessDay,
        currency: read.currency,
        psp: psp.code,
        collectionAccount: account,
        amountMinor: read.amountMinor,
      }),
    ]);
    await this.finish(tx, receipt, payment, {
      outcome: 'suspense',
      reason: refusal,
      billId: bill?.id ?? null,
      flags: [],
    });
    return { isAccepted: true, isRepeat: false, receiptNumber: payment.receiptNumber };
  }

  private async refuse(
    tx: Tx,
    receipt: Receipt,
    refusal: PaymentRefusal,
    bill: StoredBill | undefined,
  ): Promise<PaymentOutcome> {
    await this.store.closeGate(tx, {
      id: receipt.gate.id,
      outcome: 'refused',
      statusCode: refusal,
      reason: refusal,
      paymentId: null,
      billId: bill?.id ?? null,
      flags: [],
    });
    await this.audit.record(tx, {
      actor: receipt.psp.code,
      action: 'payment.refused',
      subject: `${receipt.psp.code}/${receipt.notification.transactionId}`,
      detail: { refusal },
    });
    return { isAccepted: false, isRepeat: false, refusal };
  }

  /** The same content again: the same answer, and the final result once more. Other content: 7207 and an alarm. */
  private async repeat(
    tx: Tx,
    psp: PaymentServiceProvider,
    notification: PaymentNotification,
    read: Read,
  ): Promise<PaymentOutcome> {
    const stored = await this.store.findNotification(tx, psp.id, notification.transactionId);
    if (stored === undefined)
      throw new Error('the gate refused a transaction id that is not stored');
    const isSame =
      stored.controlNumber === notification.controlNumber &&
      stored.amountMinor === read.amountMinor &&
      stored.currency === read.currency;
    if (!isSame) {
      await this.audit.raiseAlarm(tx, {
        kind: 'transaction-id-reused',
        subject: `${psp.code}/${notification.transactionId}`,
        detail: 'a payment notification came with a known transaction id and other content',
      });
      return { isAccepted: false, isRepeat: true, refusal: 'payment.id-reused' };
    }
    if (stored.paymentId === null || stored.receiptNumber === null) {
      return { isAccepted: false, isRepeat: true, refusal: stored.statusCode as PaymentRefusal };
    }
    if (await this.store.mayRequeueResult(tx, stored.id)) {
      await this.parties.oweResult(tx, psp, notification, stored.paymentId, stored.receiptNumber);
    }
    return { isAccepted: true, isRepeat: true, receiptNumber: stored.receiptNumber };
  }

  private async insert(
    tx: Tx,
    { notification, psp, read, gate }: Receipt,
    destination: 'bill' | 'suspense',
    collectionAccountNumber: string,
  ): Promise<{ id: string; receiptNumber: string }> {
    const id = newId<PaymentId>();
    const receiptNumber = receiptNumberFor(
      await this.store.nextReceiptSequence(tx),
      gate.businessDay,
    );
    await this.store.insertPayment(tx, {
      id,
      pspId: psp.id,
      transactionId: notification.transactionId,
      receiptNumber,
      destination,
      controlNumber: notification.controlNumber,
      amountMinor: read.amountMinor,
      currency: read.currency,
      collectionAccount: collectionAccountNumber,
      channel: notification.channel,
      payerName: notification.payerName,
      payerPhone: notification.payerPhone,
      payerEmail: notification.payerEmail,
      pspReference: notification.pspReference,
      paidAt: read.paidAt,
      receivedAt: gate.receivedAt,
      businessDay: gate.businessDay,
    });
    return { id, receiptNumber };
  }

  private async finish(
    tx: Tx,
    receipt: Receipt,
    payment: { id: string; receiptNumber: string },
    result: {
      outcome: 'taken' | 'suspense';
      reason: string | null;
      billId: string | null;
      flags: readonly string[];
    },
  ): Promise<void> {
    const { psp, notification, gate } = receipt;
    const flags = isRegisteredUrl(psp, notification.resultUrl)
      ? result.flags
      : [...result.flags, 'result-url-foreign'];
    await this.store.closeGate(tx, {
      ...result,
      id: gate.id,
      statusCode: 'accepted',
      paymentId: payment.id,
      flags,
    });
    await this.parties.oweResult(tx, psp, notification, payment.id, payment.receiptNumber);
    await this.audit.record(tx, {
      actor: psp.code,
      action: 'payment.received',
      subject: payment.id,
      detail: { receiptNumber: payment.receiptNumber, outcome: result.outcome },
    });
  }

  private async serviceProvider(bill: StoredBill): Promise<ServiceProvider> {
    const party = await this.directory.find(bill.spCode);
    if (party?.kind !== 'service-provider') throw new Error(`${bill.spCode} is not an institution`);
    return party;
  }
}

function accountOf(sp: ServiceProvider, { psp, read, notification }: Receipt): string {
  return collectionAccountFor(sp, psp, read.currency, notification.collectionAccount);
}
