/** Statements on payment tables: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';

export interface GateRow {
  readonly receivedAt: Date;
  readonly businessDay: BusinessDay;
}

export interface StoredNotification {
  readonly id: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly statusCode: string;
  readonly paymentId: string | null;
  readonly receiptNumber: string | null;
}

export interface NewPayment {
  readonly id: string;
  readonly pspId: number;
  readonly transactionId: string;
  readonly receiptNumber: string;
  readonly destination: 'bill' | 'suspense';
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly collectionAccount: string;
  readonly channel: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly pspReference: string;
  readonly paidAt: Date;
  readonly receivedAt: Date;
  readonly businessDay: BusinessDay;
}

const openGate = sqlFile<unknown[], GateRow>(__dirname, 'sql/open-gate.sql');
const closeGate = sqlFile<unknown[], never>(__dirname, 'sql/close-gate.sql');

@Injectable()
export class PaymentStore {
  async openGate(
    tx: Tx,
    row: {
      id: string;
      pspId: number;
      transactionId: string;
      controlNumber: string;
      amountMinor: bigint;
      currency: string;
      messageId: string;
      paidAt: Date;
      flags: readonly string[];
    },
  ): Promise<GateRow | undefined> {
    const rows = await openGate.run(
      tx,
      row.id,
      row.pspId,
      row.transactionId,
      row.controlNumber,
      row.amountMinor,
      row.currency,
      row.messageId,
      row.paidAt,
      row.flags,
    );
    return rows[0];
  }

  async closeGate(
    tx: Tx,
    row: {
      id: string;
      outcome: 'taken' | 'suspense' | 'refused';
      statusCode: string;
      reason: string | null;
      paymentId: string | null;
      billId: string | null;
      flags: readonly string[];
    },
  ): Promise<void> {
    await closeGate.run(
      tx,
      row.id,
      row.outcome,
      row.statusCode,
      row.reason,
      row.paymentId,
      row.billId,
      row.flags,
    );
  }

  async findNotification(
    tx: Tx,
    pspId: number,
    transactionId: string,
  ): Promise<StoredNotification | undefined> {
    const [row] = await tx.query<StoredNotification>(
      `select n.id, n.control_number as "controlNumber", n.amount_minor as "amountMinor", n.currency,
              n.status_code as "statusCode", n.payment_id as "paymentId", p.receipt_number as "receiptNumber"
         from payment_notification n left join payment p on p.id = n.payment_id
        where n.psp_id = $1 and n.psp_transaction_id = $2`,
      [pspId, transactionId],
    );
    return row;
  }

  /** True when the final result may be queued again: at most once per 10 s per transaction id (rulings.md §1.3). */
  async mayRequeueResult(tx: Tx, notificationId: string): Promise<boolean> {
    const rows = await tx.query(
      `update payment_notification set result_queued_at = gateway_now()
        where id = $1 and result_queued_at <= gateway_now() - interval '10 seconds' returning id`,
      [notificationId],
    );
    return rows.length === 1;
  }

  async now(tx: Tx): Promise<Date> {
    const [row] = await tx.query<{ now: Date }>(`select gateway_now() as now`);
    return (row as { now: Date }).now;
  }

  async nextReceiptSequence(tx: Tx): Promise<bigint> {
    const [row] = await tx.query<{ sequence: bigint }>(
      `select nextval('receipt_sequence') as sequence`,
    );
    return (row as { sequence: bigint }).sequence;
  }

  async insertPayment(tx: Tx, payment: NewPayment): Promise<void> {
    await tx.query(
      `insert into payment
         (id, psp_id, psp_transaction_id, receipt_number, destination, control_number, amount_minor, currency,
          collection_account, channel, payer_name, payer_phone, payer_email, psp_reference, paid_at, received_at,
          business_day)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        payment.id,
        payment.pspId,
        payment.transactionId,
        payment.receiptNumber,
        payment.destination,
        payment.controlNumber,
        payment.amountMinor,
        payment.currency,
        payment.collectionAccount,
        payment.channel,
        payment.payerName,
        payment.payerPhone,
        payment.payerEmail,
        payment.pspReference,
        payment.paidAt,
        payment.receivedAt,
        payment.businessDay,
      ],
    );
  }

  async insertAllocation(
    tx: Tx,
    row: {
      paymentId: string;
      billId: string;
      spId: number;
      principalMinor: bigint;
      surplusMinor: bigint;
      coverNumber: number | null;
      billVersion: number;
    },
  ): Promise<void> {
    await tx.query(
      `insert into payment_allocation
         (payment_id, bill_id, sp_id, principal_minor, surplus_minor, cover_number, bill_version)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        row.paymentId,
        row.billId,
        row.spId,
        row.principalMinor,
        row.surplusMinor,
        row.coverNumber,
        row.billVersion,
      ],
    );
  }
}
