/**
 * Statements that gather what is kept of one payment: one method each, no decision. Amounts are minor units; days are
 * business days of East Africa.
 */
import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database/database';
import {
  type KeptMessage,
  type KeptPayment,
  messageColumns,
  messageSender,
  messagesOf,
  paymentColumns,
} from './kept-columns';

type Row = Readonly<Record<string, unknown>>;

export interface EvidenceBill {
  readonly id: string;
  readonly sp: string;
  readonly billId: string;
  readonly controlNumber: string;
  readonly state: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly paidMinor: bigint;
  readonly principalMinor: bigint;
  readonly surplusMinor: bigint;
  readonly description: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly items: readonly Row[];
}

export interface EvidenceMessage extends KeptMessage {
  readonly part: 'bill-submission' | 'payment-notification';
}

export interface EvidenceDelivery {
  readonly id: bigint;
  readonly recipient: string;
  readonly kind: string;
  readonly subject: string;
  readonly state: string;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
  readonly body: Buffer | null;
}

export interface EvidenceAttempt {
  readonly deliveryId: bigint;
  readonly attempt: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly httpStatus: number | null;
  readonly outcome: string;
  readonly answer: Buffer | null;
}

export interface EvidencePosting {
  readonly entryId: string;
  readonly source: string;
  readonly postedAt: Date;
  readonly businessDay: string;
  readonly currency: string;
  readonly account: string;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
}

export interface EvidenceMatch {
  readonly runAt: Date;
  readonly isLatest: boolean;
  readonly businessDay: string;
  readonly rule: string;
  readonly inputs: object;
  readonly fileName: string;
  readonly fileDigest: string;
  readonly revision: number;
  readonly lineNumber: number;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly paidAt: Date;
}

@Injectable()
export class EvidenceStore {
  /** Ids of payments by receipt, control number, PSP transaction id, or `PSP/transaction`; at most eleven. */
  async find(
    reader: Reader,
    key: { receipt?: string; controlNumber?: string; transaction?: string; psp?: string },
  ): Promise<readonly { readonly id: string; readonly receiptNumber: string }[]> {
    return reader.query(
      `select p.id, p.receipt_number as "receiptNumber" from payment p join party s on s.id = p.psp_id
        where ($1::text is null or p.receipt_number = $1) and ($2::text is null or p.control_number = $2)
          and ($3::text is null or p.psp_transaction_id = $3) and ($4::text is null or s.code = $4)
          and num_nonnulls($1, $2, $3) > 0
        order by p.received_at, p.id limit 11`,
      [key.receipt ?? null, key.controlNumber ?? null, key.transaction ?? null, key.psp ?? null],
    );
  }

  async payment(reader: Reader, id: string): Promise<KeptPayment | undefined> {
    const [row] = await reader.query<KeptPayment>(
      `select ${paymentColumns} from payment p join party s on s.id = p.psp_id where p.id = $1`,
      [id],
    );
    return row;
  }

  async bills(reader: Reader, paymentId: string): Promise<readonly EvidenceBill[]> {
    return reader.query<EvidenceBill>(
      `select b.id, s.code as sp, b.sp_bill_id as "billId", b.control_number as "controlNumber", b.state, b.currency,
              b.amount_minor as "amountMinor", b.paid_minor as "paidMinor", a.principal_minor as "principalMinor",
              a.surplus_minor as "surplusMinor", b.description, b.payer_name as "payerName",
              b.payer_phone as "payerPhone", b.payer_email as "payerEmail", b.created_at as "createdAt",
              b.expires_at as "expiresAt",
              (select jsonb_agg(jsonb_build_object('position', i.position, 'gfsCode', i.gfs_code,
                        'amountMinor', i.amount_minor::text, 'paidMinor', i.paid_minor::text) order by i.position)
                 from bill_item i where i.bill_id = b.id) as items
         from payment_allocation a join bill b on b.id = a.bill_id join party s on s.id = b.sp_id
        where a.payment_id = $1 order by b.id`,
      [paymentId],
    );
  }

  /** What the gate keeps of the notification; nothing of a payment that officers recorded. */
  async notification(reader: Reader, paymentId: string): Promise<Row | undefined> {
    const [row] = await reader.query<Row>(
      `select n.id, n.outcome, n.status_code as "statusCode", n.reason, n.message_id as "messageId",
              n.received_at as "receivedAt", n.paid_at as "paidAt", n.flags
         from payment y
         join payment_notification n on n.psp_id = y.psp_id and n.psp_transaction_id = y.psp_transaction_id
        where y.id = $1 and n.payment_id = y.id`,
      [paymentId],
    );
    return row;
  }

  /** Officers' work on the payment: that they recorded it, and what was taken back of it. */
  async changes(reader: Reader, paymentId: string): Promise<readonly Row[]> {
    return reader.query<Row>(
      `select 'recorded' as what, null::bigint as "amountMinor", reason, requested_by as "requestedBy",
              approved_by as "approvedBy", recorded_at as at from payment_recording where payment_id = $1
       union all
       select kind, amount_minor, reason, requested_by, approved_by, reversed_at
         from payment_reversal where payment_id = $1 order by at`,
      [paymentId],
    );
  }

  /** Bills over the JSON API come with a key and no signature, and have none. */
  async messages(
    reader: Reader,
    paymentIds: readonly string[],
    billIds: readonly string[],
  ): Promise<readonly EvidenceMessage[]> {
    return reader.query<EvidenceMessage>(
      `select case o.of when 'bill' then 'bill-submission' else 'payment-notification' end as part, ${messageColumns}
         from ${messagesOf('$1', '$2')} ${messageSender}
        order by m.received_at, m.id`,
      [paymentIds, billIds],
    );
  }

  /** What was owed because of the payment and of its bills, and was sent or waits. */
  async deliveries(
    reader: Reader,
    payment: KeptPayment,
    bills: readonly EvidenceBill[],
  ): Promise<readonly EvidenceDelivery[]> {
    return reader.query<EvidenceDelivery>(
      `select d.id, p.code as recipient, d.kind, d.subject, d.state, d.created_at as "createdAt",
              d.settled_at as "settledAt", d.body
         from delivery d join party p on p.id = d.recipient_id
        where d.subject = any ($1)
          and (d.subject <> $2 or d.message ->> 'paymentId' is null or d.message ->> 'paymentId' = $3)
        order by d.created_at, d.id limit 100`,
      [
        [
          `${payment.psp}/${payment.transactionId}`,
          payment.controlNumber,
          ...bills.map(({ sp, billId }) => `${sp}/${billId}`),
        ],
        payment.controlNumber,
        payment.id,
      ],
    );
  }

  async attempts(
    reader: Reader,
    deliveryIds: readonly bigint[],
  ): Promise<readonly EvidenceAttempt[]> {
    return reader.query<EvidenceAttempt>(
      `select delivery_id as "deliveryId", attempt, started_at as "startedAt", duration_ms as "durationMs",
              http_status as "httpStatus", outcome, answer
         from delivery_attempt where delivery_id = any ($1) order by delivery_id, id`,
      [deliveryIds],
    );
  }

  async postings(reader: Reader, paymentId: string): Promise<readonly EvidencePosting[]> {
    return reader.query<EvidencePosting>(
      `select e.id as "entryId", e.source_kind as source, e.posted_at as "postedAt",
              e.business_day::text as "businessDay", e.currency, a.name as account, g.debit_minor as "debitMinor",
              g.credit_minor as "creditMinor"
         from ledger_entry e join posting g on g.business_day = e.business_day and g.entry_id = e.id
         join ledger_account a on a.id = g.account_id
        where (e.source_kind in ('payment', 'placement') and e.source_id = $1::uuid::text)
           or (e.source_kind = 'reversal'
               and e.source_id in (select r.id::text from payment_reversal r where r.payment_id = $1::uuid))
        order by e.posted_at, e.id, g.position`,
      [paymentId],
    );
  }

  async matches(reader: Reader, paymentId: string): Promise<readonly EvidenceMatch[]> {
    return reader.query<EvidenceMatch>(
      `select r.ran_at as "runAt", r.is_latest as "isLatest", r.business_day::text as "businessDay", m.rule, m.inputs,
              t.file_name as "fileName", encode(t.file_digest, 'hex') as "fileDigest", t.revision,
              l.line_number as "lineNumber", l.psp_transaction_id as "transactionId",
              l.control_number as "controlNumber", l.amount_minor as "amountMinor", l.currency, l.paid_at as "paidAt"
         from match m join reconciliation_run r on r.id = m.run_id
         join statement_line l on l.id = m.statement_line_id join statement t on t.id = l.statement_id
        where m.payment_id = $1 order by r.ran_at, m.run_id`,
      [paymentId],
    );
  }

  /** The first hundred events of the subjects, in order. */
  async events(
    reader: Reader,
    subjects: readonly string[],
  ): Promise<readonly { id: bigint; at: Date; actor: string; action: string; subject: string }[]> {
    return reader.query(
      `select id, occurred_at as at, actor, action, subject from audit_event where subject = any ($1)
        order by occurred_at, id limit 100`,
      [subjects],
    );
  }
}
