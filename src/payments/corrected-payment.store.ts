/** Statements on what officers do to payments: recorded by hand, placed, taken back. One method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Tx } from '../platform/database/database';
import type { NewAllocation } from './payment.store';

/** A payment with what was taken back of it so far. */
export interface HeldPayment {
  readonly id: string;
  readonly pspCode: string;
  readonly pspName: string;
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
  readonly paidAt: Date;
  /** Of reversals and corrections. */
  readonly takenBackMinor: bigint;
  /** Of refunds that were approved, and did not come back from the bank. */
  readonly refundedMinor: bigint;
}

/** What a payment put on a bill, less what was taken back. */
export interface HeldPart {
  readonly billId: string;
  readonly spId: number;
  readonly spCode: string;
  readonly collectionAccount: string;
  readonly principalMinor: bigint;
  readonly surplusMinor: bigint;
}

export interface Officers {
  readonly requestedBy: string;
  readonly approvedBy: string;
}

@Injectable()
export class CorrectedPaymentStore {
  async moment(tx: Tx): Promise<{ readonly now: Date; readonly day: BusinessDay }> {
    const [row] = await tx.query<{ now: Date; day: BusinessDay }>(
      `select gateway_now() as now, business_day_of(gateway_now()) as day`,
    );
    if (row === undefined) throw new Error('the clock has one row');
    return row;
  }

  /** One change of a payment at a time: payment rows are append-only and cannot be locked themselves. */
  async hold(tx: Tx, paymentId: string): Promise<HeldPayment | undefined> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 7421))`, [paymentId]);
    const [row] = await tx.query<HeldPayment>(
      `select p.id, s.code as "pspCode", s.name as "pspName", p.psp_transaction_id as "transactionId",
              p.receipt_number as "receiptNumber", p.destination, p.control_number as "controlNumber",
              p.amount_minor as "amountMinor", p.currency, p.collection_account as "collectionAccount", p.channel,
              p.payer_name as "payerName", p.payer_phone as "payerPhone", p.payer_email as "payerEmail",
              p.paid_at as "paidAt",
              (select coalesce(sum(amount_minor), 0)::bigint from payment_reversal r where r.payment_id = p.id)
                as "takenBackMinor",
              (select coalesce(sum(amount_minor), 0)::bigint from refund r
                where r.payment_id = p.id and r.source <> 'reversal' and r.state <> 'returned') as "refundedMinor"
         from payment p join party s on s.id = p.psp_id
        where p.id = $1`,
      [paymentId],
    );
    return row;
  }

  async findId(tx: Tx, pspCode: string, transactionId: string): Promise<string | undefined> {
    const [row] = await tx.query<{ id: string }>(
      `select p.id from payment p join party s on s.id = p.psp_id
        where s.code = $1 and p.psp_transaction_id = $2`,
      [pspCode, transactionId],
    );
    return row?.id;
  }

  async parts(tx: Tx, paymentId: string): Promise<readonly HeldPart[]> {
    return tx.query<HeldPart>(
      `select a.bill_id as "billId", a.sp_id as "spId", s.code as "spCode", a.collection_account as "collectionAccount",
              a.principal_minor - coalesce(t.principal, 0)::bigint as "principalMinor",
              a.surplus_minor - coalesce(t.surplus, 0)::bigint as "surplusMinor"
         from payment_allocation a
         join party s on s.id = a.sp_id
         left join lateral (
           select sum(x.principal_minor) as principal, sum(x.surplus_minor) as surplus
             from payment_reversal_part x join payment_reversal r on r.id = x.reversal_id
            where r.payment_id = a.payment_id and x.bill_id = a.bill_id) t on true
        where a.payment_id = $1 order by a.bill_id`,
      [paymentId],
    );
  }

  /** What is left of the payment on each account of an institution, by `SP701 142202`. */
  async perGfs(tx: Tx, paymentId: string): Promise<ReadonlyMap<string, bigint>> {
    const rows = await tx.query<{ key: string; amountMinor: bigint }>(
      `select split_part(a.name, ':', 2) || ' ' || split_part(a.name, ':', 3) as key,
              sum(p.credit_minor - p.debit_minor)::bigint as "amountMinor"
         from ledger_entry e
         join posting p on p.entry_id = e.id and p.business_day = e.business_day
         join ledger_account a on a.id = p.account_id and a.kind = 'sp-payable'
        where (e.source_kind in ('payment', 'placement') and e.source_id = $1::uuid::text)
           or (e.source_kind = 'reversal'
               and e.source_id in (select id::text from payment_reversal where payment_id = $1))
        group by 1`,
      [paymentId],
    );
    return new Map(rows.map((row) => [row.key, row.amountMinor]));
  }

  /**
   * Whether the PSP has paid us: by bill, or under '' for money in suspense, whether the clearing that the money belongs to
   * came whole.
   */
  async settledParts(tx: Tx, paymentId: string): Promise<ReadonlyMap<string, boolean>> {
    const rows = await tx.query<{ billId: string; isSettled: boolean }>(
      `select coalesce(bill_id::text, '') as "billId", is_settled as "isSettled" from collected_part
        where payment_id = $1`,
      [paymentId],
    );
    return new Map(rows.map((row) => [row.billId, row.isSettled]));
  }

  async addReversal(
    tx: Tx,
    row: Officers & {
      readonly id: string;
      readonly paymentId: string;
      readonly kind: 'reversal' | 'correction';
      readonly amountMinor: bigint;
      readonly isSettled: boolean;
      readonly reason: string;
      readonly parts: readonly {
        readonly billId: string;
        readonly spId: number;
        readonly principalMinor: bigint;
        readonly surplusMinor: bigint;
        readonly uncovers: boolean;
        readonly version: number;
      }[];
    },
  ): Promise<void> {
    await tx.query(
      `insert into payment_reversal (id, payment_id, kind, amount_minor, is_settled, reason, requested_by, approved_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        row.id,
        row.paymentId,
        row.kind,
        row.amountMinor,
        row.isSettled,
        row.reason,
        row.requestedBy,
        row.approvedBy,
      ],
    );
    for (const part of row.parts) {
      await tx.query(
        `insert into payment_reversal_part
           (reversal_id, bill_id, sp_id, principal_minor, surplus_minor, uncovers, bill_version)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          row.id,
          part.billId,
          part.spId,
          part.principalMinor,
          part.surplusMinor,
          part.uncovers,
          part.version,
        ],
      );
    }
  }

  async addAllocations(tx: Tx, rows: readonly NewAllocation[]): Promise<void> {
    for (const row of rows) {
      await tx.query(
        `insert into payment_allocation
           (payment_id, bill_id, sp_id, principal_minor, surplus_minor, cover_number, bill_version, collection_account)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          row.paymentId,
          row.billId,
          row.spId,
          row.principalMinor,
          row.surplusMinor,
          row.coverNumber,
          row.billVersion,
          row.collectionAccount,
        ],
      );
    }
  }

  /**
   * A payment that officers recorded, of the record that a notification would have left. The gate is shut behind it, so
   * that a notification that comes after all is a repetition; one that was refused keeps its answer.
   */
  async addRecorded(
    tx: Tx,
    row: Officers & {
      readonly reason: string;
      readonly moment: { readonly now: Date; readonly day: BusinessDay };
      readonly payment: object & { readonly id: string };
      readonly gate: object;
      readonly allocations: readonly NewAllocation[];
    },
  ): Promise<void> {
    const text = JSON.stringify({ ...row.payment, gate: row.gate }, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    await tx.query(
      `insert into payment (id, psp_id, psp_transaction_id, receipt_number, destination, control_number, amount_minor,
         currency, collection_account, channel, payer_name, payer_phone, payer_email, psp_reference, paid_at,
         received_at, business_day)
       select t.id, t."pspId", t."transactionId", t."receiptNumber", t.destination, t."controlNumber", t."amountMinor",
              t.currency, t."collectionAccount", t.channel, t."payerName", t."payerPhone", t."payerEmail",
              t."pspReference", t."paidAt", $2, $3
         from jsonb_to_record($1) as t (id uuid, "pspId" integer, "transactionId" text, "receiptNumber" text,
              destination text, "controlNumber" text, "amountMinor" bigint, currency text, "collectionAccount" text,
              channel text, "payerName" text, "payerPhone" text, "payerEmail" text, "pspReference" text,
              "paidAt" timestamptz)`,
      [text, row.moment.now, row.moment.day],
    );
    await tx.query(
      `insert into payment_notification (id, psp_id, psp_transaction_id, control_number, amount_minor, currency, outcome,
         status_code, payment_id, bill_id, message_id, received_at, business_day, paid_at, result_queued_at)
       select t.id, t."pspId", t."transactionId", t."controlNumber", t."amountMinor", t.currency, t.outcome,
              t."statusCode", t."paymentId", t."billId", null, $2::timestamptz, $3, t."paidAt", $2
         from jsonb_to_record($1::jsonb -> 'gate') as t (id uuid, "pspId" integer, "transactionId" text,
              "controlNumber" text, "amountMinor" bigint, currency text, outcome text, "statusCode" text,
              "paymentId" uuid, "billId" uuid, "paidAt" timestamptz)
       on conflict on constraint payment_notification_key do nothing`,
      [text, row.moment.now, row.moment.day],
    );
    await this.addAllocations(tx, row.allocations);
    await tx.query(
      `insert into payment_recording (payment_id, reason, requested_by, approved_by) values ($1, $2, $3, $4)`,
      [row.payment.id, row.reason, row.requestedBy, row.approvedBy],
    );
  }
}
