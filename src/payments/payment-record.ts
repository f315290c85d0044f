/**
 * What one decided notification leaves behind: rows of money, the ledger entry, the messages owed and the audit event.
 * Builds them only; the batch writes them. Rules: rulings.md §1, §8; gepg-decisions.md C11.
 */
import type { AppliedPayment } from '../bills/apply-payments';
import type { StoredNumber } from '../bills/stored-bill';
import type { NewDelivery } from '../deliveries/enqueue-delivery';
import { newId, type PaymentId } from '../kernel/ids';
import { type EntryDraft, paymentEntry, suspenseEntry } from '../ledger/entry.rules';
import type { ServiceProvider } from '../parties/party-directory';
import type { AuditEvent } from '../platform/audit/audit-trail';
import { receiptNumberFor } from './payment.rules';
import { collectionAccountFor, defaultAccount, isRegisteredUrl } from './payment-routing.rules';
import type { BatchMoment, GateRow, NewAllocation, NewPayment } from './payment.store';
import type {
  PaymentOutcome,
  PaymentRefusal,
  PlacedPart,
  ReadNotification,
} from './payment-outcome';
import { confirmationOf, resultOf } from './tell-parties';

export interface PaymentRecord {
  readonly index: number;
  readonly outcome: PaymentOutcome;
  readonly gate: GateRow;
  readonly payment?: NewPayment;
  readonly allocations: readonly NewAllocation[];
  readonly entry?: EntryDraft;
  readonly deliveries: readonly NewDelivery[];
  readonly audit: AuditEvent;
}

type Institutions = ReadonlyMap<string, ServiceProvider>;

export function recordOf(
  row: ReadNotification,
  applied: AppliedPayment,
  institutions: Institutions,
  moment: BatchMoment,
  sequence: string,
): PaymentRecord {
  if (applied.fault === undefined) return taken(row, applied, institutions, moment, sequence);
  return row.psp.policy === 'irrevocable'
    ? keptInSuspense(row, applied.fault, applied.stored, institutions, moment, sequence)
    : refused(row, applied.fault, applied.stored);
}

/** Money that a bill took. */
export function taken(
  row: ReadNotification,
  applied: Extract<AppliedPayment, { fault?: undefined }>,
  institutions: Institutions,
  moment: BatchMoment,
  sequence: string,
): PaymentRecord {
  const { stored } = applied;
  const parts = applied.parts.map((part): PlacedPart => {
    const sp = institutionOf(institutions, part.bill.spCode);
    return { ...part, sp, account: accountOf(sp, row) };
  });
  const account = parts[0]?.account ?? '';
  const payment = paymentOf(row, 'bill', account, moment, sequence);
  return {
    ...accepted(row, payment, 'taken', null, stored.bills[0].id),
    allocations: parts.map(({ bill, share, version, account: own }) => ({
      paymentId: payment.id,
      billId: bill.id,
      spId: bill.spId,
      principalMinor: share.principalMinor,
      surplusMinor: share.surplusMinor,
      coverNumber: share.covers ? share.bill.coverNumber : null,
      billVersion: version,
      collectionAccount: own,
    })),
    entry: paymentEntry({
      paymentId: payment.id,
      businessDay: moment.day,
      currency: row.read.currency,
      psp: row.psp.code,
      parts: parts.map(({ bill, share, account: own }) => ({
        sp: bill.spCode,
        collectionAccount: own,
        items: bill.items.map((item, i) => ({
          gfsCode: item.gfsCode,
          amountMinor: share.itemAmounts[i] ?? 0n,
        })),
        surplusMinor: share.surplusMinor,
      })),
    }),
    deliveries: [
      confirmationOf(
        row,
        stored,
        institutionOf(institutions, stored.group?.spCode ?? stored.bills[0].spCode),
        parts,
        payment,
      ),
      resultOf(row, payment),
    ],
  };
}

/** Money that no bill took, or that shall wait for its owner. */
export function keptInSuspense(
  row: ReadNotification,
  refusal: PaymentRefusal | null,
  stored: StoredNumber | undefined,
  institutions: Institutions,
  moment: BatchMoment,
  sequence: string,
): PaymentRecord {
  const { psp, read } = row;
  const account =
    stored === undefined
      ? defaultAccount(psp, read.currency)
      : accountOf(institutionOf(institutions, stored.bills[0].spCode), row);
  const payment = paymentOf(row, 'suspense', account, moment, sequence);
  return {
    ...accepted(row, payment, 'suspense', refusal, stored?.bills[0].id ?? null),
    allocations: [],
    entry: suspenseEntry({
      paymentId: payment.id,
      businessDay: moment.day,
      currency: read.currency,
      psp: psp.code,
      collectionAccount: account,
      amountMinor: read.amountMinor,
    }),
    deliveries: [resultOf(row, payment)],
  };
}

function refused(
  row: ReadNotification,
  refusal: PaymentRefusal,
  stored: StoredNumber | undefined,
): PaymentRecord {
  return {
    index: row.index,
    outcome: { isAccepted: false, isRepeat: false, refusal },
    gate: gateOf(row, {
      outcome: 'refused',
      statusCode: refusal,
      reason: refusal,
      paymentId: null,
      billId: stored?.bills[0].id ?? null,
      flags: row.read.flags,
    }),
    allocations: [],
    deliveries: [],
    audit: {
      actor: row.psp.code,
      action: 'payment.refused',
      subject: `${row.psp.code}/${row.notification.transactionId}`,
      detail: { refusal },
    },
  };
}

function accepted(
  row: ReadNotification,
  payment: NewPayment,
  outcome: 'taken' | 'suspense',
  reason: PaymentRefusal | null,
  billId: string | null,
): Pick<PaymentRecord, 'index' | 'outcome' | 'gate' | 'payment' | 'audit'> {
  const { receiptNumber } = payment;
  // A PSP over JSON names no address: its results are in its feed.
  const isForeignUrl =
    row.notification.form !== 'webhook' && !isRegisteredUrl(row.psp, row.notification.resultUrl);
  return {
    index: row.index,
    outcome: { isAccepted: true, isRepeat: false, receiptNumber },
    payment,
    gate: gateOf(row, {
      outcome,
      statusCode: 'accepted',
      reason,
      paymentId: payment.id,
      billId,
      flags: isForeignUrl ? [...row.read.flags, 'result-url-foreign'] : row.read.flags,
    }),
    audit: {
      actor: row.psp.code,
      action: 'payment.received',
      subject: payment.id,
      detail: { receiptNumber, outcome },
    },
  };
}

function gateOf(
  { id, psp, notification, read }: ReadNotification,
  came: Pick<GateRow, 'outcome' | 'statusCode' | 'reason' | 'paymentId' | 'billId' | 'flags'>,
): GateRow {
  return {
    id,
    pspId: psp.id,
    transactionId: notification.transactionId,
    controlNumber: notification.controlNumber,
    amountMinor: read.amountMinor,
    currency: read.currency,
    messageId: notification.messageId,
    paidAt: read.paidAt,
    ...came,
  };
}

function paymentOf(
  { psp, notification, read }: ReadNotification,
  destination: 'bill' | 'suspense',
  collectionAccount: string,
  moment: BatchMoment,
  sequence: string,
): NewPayment {
  return {
    id: newId<PaymentId>(),
    pspId: psp.id,
    transactionId: notification.transactionId,
    receiptNumber: receiptNumberFor(BigInt(sequence), moment.day),
    destination,
    controlNumber: notification.controlNumber,
    amountMinor: read.amountMinor,
    currency: read.currency,
    collectionAccount,
    channel: notification.channel,
    payerName: notification.payerName,
    payerPhone: notification.payerPhone,
    payerEmail: notification.payerEmail,
    pspReference: notification.pspReference,
    paidAt: read.paidAt,
  };
}

function institutionOf(institutions: Institutions, code: string): ServiceProvider {
  const sp = institutions.get(code);
  if (sp === undefined) throw new Error(`${code} was not looked up`);
  return sp;
}

function accountOf(sp: ServiceProvider, { psp, read, notification }: ReadNotification): string {
  return collectionAccountFor(sp, psp, read.currency, notification.collectionAccount);
}
