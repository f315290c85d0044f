/**
 * Answers notifications whose transaction id is known. The same content: the same answer, and the final result once
 * more, at most every 10 s, which is a PSP's way back from a lost one. Other content: payment.id-reused and an alarm
 * (rulings.md §1.3, §1.4).
 */
import { Injectable } from '@nestjs/common';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { Tx } from '../platform/database/database';
import {
  type PaymentOutcome,
  type ReadNotification,
  type ReceivedPayment,
  statusOf,
} from './payment-outcome';
import { isTransactionId } from './payment.rules';
import { PaymentStore, type StoredNotification } from './payment.store';
import { resultOf } from './tell-parties';

export type KnownNotifications = ReadonlyMap<string, StoredNotification>;

@Injectable()
export class AnswerRepeats {
  constructor(
    private readonly store: PaymentStore,
    private readonly deliveries: EnqueueDelivery,
    private readonly audit: AuditTrail,
  ) {}

  /** What is known of these transaction ids, by gate key; an id that is none is not looked for. */
  async find(tx: Tx, rows: readonly ReceivedPayment[]): Promise<KnownNotifications> {
    const asked = rows.filter(({ notification }) => isTransactionId(notification.transactionId));
    if (asked.length === 0) return new Map();
    const stored = await this.store.findNotifications(
      tx,
      asked.map(({ psp, notification }) => ({
        pspId: psp.id,
        transactionId: notification.transactionId,
      })),
    );
    return new Map(stored.map((each) => [gateKey(each.pspId, each.transactionId), each]));
  }

  /** Outcomes by place in the batch. What is not in `found` came twice in the batch itself, and is stored by now. */
  async execute(
    tx: Tx,
    rows: readonly ReadNotification[],
    found: KnownNotifications,
  ): Promise<ReadonlyMap<number, PaymentOutcome>> {
    const outcomes = new Map<number, PaymentOutcome>();
    if (rows.length === 0) return outcomes;
    const later = rows.filter((row) => !found.has(keyOf(row)));
    const known = new Map([...found, ...(await this.find(tx, later))]);
    const owed = new Map<string, ReadNotification>();
    for (const row of rows) {
      const stored = known.get(keyOf(row));
      if (stored === undefined)
        throw new Error('the gate refused a transaction id that is not stored');
      if (!isSame(row, stored)) {
        await this.raiseAlarm(tx, row);
        outcomes.set(row.index, {
          isAccepted: false,
          isRepeat: true,
          refusal: 'payment.id-reused',
        });
        continue;
      }
      const status = statusOf(stored);
      outcomes.set(row.index, { ...status, isRepeat: true });
      if (status.isAccepted && !owed.has(stored.id)) owed.set(stored.id, row);
    }
    const due = await this.store.requeueResults(tx, [...owed.keys()]);
    await this.deliveries.execute(
      tx,
      [...owed].flatMap(([id, row]) => {
        const stored = known.get(keyOf(row));
        if (!due.has(id) || !stored?.paymentId || !stored.receiptNumber) return [];
        return [resultOf(row, { id: stored.paymentId, receiptNumber: stored.receiptNumber })];
      }),
    );
    return outcomes;
  }

  private async raiseAlarm(tx: Tx, { psp, notification }: ReadNotification): Promise<void> {
    await this.audit.raiseAlarm(tx, {
      kind: 'transaction-id-reused',
      subject: `${psp.code}/${notification.transactionId}`,
      detail: 'a payment notification came with a known transaction id and other content',
    });
  }
}

/** One text for what the gate lets through once. */
export function gateKey(pspId: number, transactionId: string): string {
  return `${String(pspId)} ${transactionId}`;
}

function keyOf({ psp, notification }: ReadNotification): string {
  return gateKey(psp.id, notification.transactionId);
}

/** The fingerprint: PSP and transaction id, which found the row, with number, amount and currency. */
function isSame({ notification, read }: ReadNotification, stored: StoredNotification): boolean {
  return (
    stored.controlNumber === notification.controlNumber &&
    stored.amountMinor === read.amountMinor &&
    stored.currency === read.currency
  );
}
