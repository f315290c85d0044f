/**
 * Records a payment that a PSP reports and we have not: no notification came, or it was refused. Two officers said so.
 * It is a payment like any other, on a bill or in suspense, of the open day; the institution is told with the original
 * time, the PSP is owed no result, since it asked for none (rulings.md §1.2, §8). A notification that comes later meets
 * the gate and is answered as a repetition.
 */
import { Injectable } from '@nestjs/common';
import { ApplyPayments, type AppliedPayment } from '../bills/apply-payments';
import { FindPayableBill } from '../bills/find-payable-bill';
import { submitterOf } from '../bills/stored-bill';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { type MessageId, newId, type NotificationId } from '../kernel/ids';
import { type Currency, formatAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { PostEntries } from '../ledger/post-entries';
import { type Party, PartyDirectory, type ServiceProvider } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { Tx } from '../platform/database/database';
import { CorrectedPaymentStore, type Officers } from './corrected-payment.store';
import type { ReadNotification } from './payment-outcome';
import { keptInSuspense, type PaymentRecord, taken } from './payment-record';
import { PaymentStore } from './payment.store';

export interface PaymentToRecord extends Officers {
  readonly pspCode: string;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly paidAt: Date;
  readonly into: 'bill' | 'suspense';
  readonly reason: string;
}

@Injectable()
export class RecordPayment {
  constructor(
    private readonly payments: PaymentStore,
    private readonly store: CorrectedPaymentStore,
    private readonly bills: ApplyPayments,
    private readonly numbers: FindPayableBill,
    private readonly directory: PartyDirectory,
    private readonly ledger: PostEntries,
    private readonly deliveries: EnqueueDelivery,
    private readonly audit: AuditTrail,
  ) {}

  /** Returns the id of the payment. Refuses: payment.psp-unknown, payment.already-taken, payment.not-placeable. */
  async execute(tx: Tx, wanted: PaymentToRecord): Promise<string> {
    const psp = await this.directory.find(wanted.pspCode, tx);
    if (psp?.kind !== 'payment-service-provider')
      throw new Refusal('payment.psp-unknown', `${wanted.pspCode} is not a PSP`, 'not-found');
    if ((await this.store.findId(tx, psp.code, wanted.transactionId)) !== undefined) {
      throw new Refusal(
        'payment.already-taken',
        `${wanted.transactionId} of ${psp.code} is a payment already`,
        'conflict',
      );
    }
    const moment = await this.payments.beginBatch(tx, 1);
    const sequence = moment.sequences[0] ?? '';
    const row: ReadNotification = {
      id: newId<NotificationId>(),
      index: 0,
      psp,
      notification: {
        transactionId: wanted.transactionId,
        controlNumber: wanted.controlNumber,
        amount: formatAmount(wanted.amountMinor),
        currency: wanted.currency,
        paidAt: wanted.paidAt.toISOString(),
        // There was no message; the gate row that is written names none.
        messageId: newId<MessageId>(),
        form: 'webhook',
        pspReference: '',
        collectionAccount: '',
        channel: '',
        payerName: '',
        payerPhone: '',
        payerEmail: '',
        thirdPartyId: '',
        resultUrl: '',
      },
      read: {
        ok: true,
        amountMinor: wanted.amountMinor,
        currency: wanted.currency,
        paidAt: wanted.paidAt,
        flags: [],
      },
    };
    const record =
      wanted.into === 'bill'
        ? await this.onBill(tx, row, moment, sequence)
        : await this.inSuspense(tx, row, moment, sequence);
    const { payment, entry } = record;
    if (payment === undefined || entry === undefined) throw new Error('recorded money is posted');
    await this.store.addRecorded(tx, {
      ...wanted,
      moment,
      payment,
      gate: record.gate,
      allocations: record.allocations,
    });
    await this.ledger.execute(tx, [entry]);
    await this.deliveries.execute(
      tx,
      record.deliveries.filter(({ message }) => message.kind === 'payment-confirmed'),
    );
    await this.audit.record(tx, {
      actor: wanted.approvedBy,
      action: 'payment.recorded',
      subject: payment.id,
      detail: {
        receiptNumber: payment.receiptNumber,
        into: wanted.into,
        requestedBy: wanted.requestedBy,
        reason: wanted.reason,
      },
    });
    return payment.id;
  }

  private async onBill(
    tx: Tx,
    row: ReadNotification,
    moment: Parameters<typeof taken>[3],
    sequence: string,
  ): Promise<PaymentRecord> {
    const applied = await placeOnBill(tx, this.bills, row, moment.now);
    const institutions = await institutionsOf(tx, this.directory, applied);
    return taken(row, applied, institutions, moment, sequence);
  }

  private async inSuspense(
    tx: Tx,
    row: ReadNotification,
    moment: Parameters<typeof taken>[3],
    sequence: string,
  ): Promise<PaymentRecord> {
    const { stored } = await this.numbers.execute(row.notification.controlNumber);
    const institutions = new Map<string, ServiceProvider>();
    if (stored !== undefined) {
      const code = stored.bills[0].spCode;
      institutions.set(code, institution(await this.directory.find(code, tx), code));
    }
    return keptInSuspense(row, null, stored, institutions, moment, sequence);
  }
}

type OnBill = Extract<AppliedPayment, { fault?: undefined }>;

/** Refuses: payment.not-placeable. */
export async function placeOnBill(
  tx: Tx,
  bills: ApplyPayments,
  { notification, read }: ReadNotification,
  now: Date,
): Promise<OnBill> {
  const { controlNumber } = notification;
  const [applied] = await bills.execute(
    tx,
    [{ ...read, controlNumber, collectionAccount: '', isPlaced: true }],
    now,
  );
  if (applied === undefined) throw new Error('every payment has its decision');
  if (applied.fault !== undefined) {
    throw new Refusal(
      'payment.not-placeable',
      `the bill of ${controlNumber} does not take it: ${applied.fault}`,
      'conflict',
      { members: { fault: applied.fault } },
    );
  }
  return applied;
}

export async function institutionsOf(
  tx: Tx,
  directory: PartyDirectory,
  { stored }: OnBill,
): Promise<ReadonlyMap<string, ServiceProvider>> {
  const codes = new Set([submitterOf(stored), ...stored.bills.map((bill) => bill.spCode)]);
  const found = new Map<string, ServiceProvider>();
  for (const code of codes) found.set(code, institution(await directory.find(code, tx), code));
  return found;
}

function institution(party: Party | undefined, code: string): ServiceProvider {
  if (party?.kind !== 'service-provider') throw new Error(`${code} is not an institution`);
  return party;
}
