/** Statements on payment tables, a batch at a time: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Reader, Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';

/** The same for every row of a batch. */
export interface BatchMoment {
  readonly now: Date;
  readonly day: BusinessDay;
  /** One for each row. */
  readonly sequences: readonly string[];
}

export interface StoredNotification {
  readonly id: string;
  readonly pspId: number;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly outcome: 'taken' | 'suspense' | 'refused';
  readonly reason: string | null;
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
}

export interface NewAllocation {
  readonly paymentId: string;
  readonly billId: string;
  readonly spId: number;
  readonly principalMinor: bigint;
  readonly surplusMinor: bigint;
  readonly coverNumber: number | null;
  readonly billVersion: number;
  readonly collectionAccount: string;
}

/** The row that lets a transaction id through once, with what it came to. */
export interface GateRow {
  readonly id: string;
  readonly pspId: number;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly messageId: string;
  readonly paidAt: Date;
  readonly outcome: 'taken' | 'suspense' | 'refused';
  readonly statusCode: string;
  readonly reason: string | null;
  readonly paymentId: string | null;
  /** The bill, or the first part of a combined bill. */
  readonly billId: string | null;
  readonly flags: readonly string[];
}

export interface NewAnnouncement {
  readonly id: string;
  readonly pspId: number;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly paidAt: Date;
}

type Columns = unknown[];

const beginBatch = sqlFile<[number], BatchMoment>(__dirname, 'sql/begin-batch.sql');
const recordPayments = sqlFile<Columns, { id: string }>(__dirname, 'sql/record-payments.sql');
const findNotifications = sqlFile<Columns, StoredNotification>(
  __dirname,
  'sql/find-notifications.sql',
);
const findAsked = sqlFile<[number, string], StoredNotification & { readonly isAllowed: boolean }>(
  __dirname,
  'sql/find-asked-payment.sql',
);
const requeueResults = sqlFile<[readonly string[]], { id: string }>(
  __dirname,
  'sql/requeue-results.sql',
);

@Injectable()
export class PaymentStore {
  async beginBatch(tx: Tx, rows: number): Promise<BatchMoment> {
    const [moment] = await beginBatch.run(tx, rows);
    if (moment === undefined) throw new Error('a select without a table gives one row');
    return moment;
  }

  /** How many gate rows were let through; the others' transaction ids came to be known meanwhile. */
  async record(
    tx: Tx,
    moment: BatchMoment,
    payments: readonly NewPayment[],
    allocations: readonly NewAllocation[],
    gate: readonly GateRow[],
  ): Promise<number> {
    const passed = await recordPayments.run(
      tx,
      moment.now,
      moment.day,
      payments.map((each) => each.id),
      payments.map((each) => each.pspId),
      payments.map((each) => each.transactionId),
      payments.map((each) => each.receiptNumber),
      payments.map((each) => each.destination),
      payments.map((each) => each.controlNumber),
      payments.map((each) => each.amountMinor),
      payments.map((each) => each.currency),
      payments.map((each) => each.collectionAccount),
      payments.map((each) => each.channel),
      payments.map((each) => each.payerName),
      payments.map((each) => each.payerPhone),
      payments.map((each) => each.payerEmail),
      payments.map((each) => each.pspReference),
      payments.map((each) => each.paidAt),
      allocations.map((each) => each.paymentId),
      allocations.map((each) => each.billId),
      allocations.map((each) => each.spId),
      allocations.map((each) => each.principalMinor),
      allocations.map((each) => each.surplusMinor),
      allocations.map((each) => each.coverNumber),
      allocations.map((each) => each.billVersion),
      allocations.map((each) => each.collectionAccount),
      gate.map((each) => each.id),
      gate.map((each) => each.pspId),
      gate.map((each) => each.transactionId),
      gate.map((each) => each.controlNumber),
      gate.map((each) => each.amountMinor),
      gate.map((each) => each.currency),
      gate.map((each) => each.outcome),
      gate.map((each) => each.statusCode),
      gate.map((each) => each.reason),
      gate.map((each) => each.paymentId),
      gate.map((each) => each.billId),
      gate.map((each) => each.messageId),
      gate.map((each) => each.paidAt),
      gate.map((each) => each.flags.join()),
    );
    return passed.length;
  }

  async findNotifications(
    reader: Reader,
    keys: readonly { readonly pspId: number; readonly transactionId: string }[],
  ): Promise<readonly StoredNotification[]> {
    return findNotifications.run(
      reader,
      keys.map((key) => key.pspId),
      keys.map((key) => key.transactionId),
    );
  }

  /** Those whose final result may be queued again. */
  async requeueResults(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    return new Set((await requeueResults.run(tx, ids)).map((row) => row.id));
  }

  /** Counts the question; undefined for an id that never came. */
  async findAsked(
    tx: Tx,
    pspId: number,
    transactionId: string,
  ): Promise<(StoredNotification & { readonly isAllowed: boolean }) | undefined> {
    return (await findAsked.run(tx, pspId, transactionId))[0];
  }

  /** False when the PSP announced this transaction id before. */
  async announce(tx: Tx, row: NewAnnouncement): Promise<boolean> {
    const rows = await tx.query(
      `insert into payment_announcement
         (id, psp_id, psp_transaction_id, control_number, amount_minor, currency, paid_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict on constraint payment_announcement_key do nothing returning id`,
      [
        row.id,
        row.pspId,
        row.transactionId,
        row.controlNumber,
        row.amountMinor,
        row.currency,
        row.paidAt,
      ],
    );
    return rows.length === 1;
  }
}
