/**
 * Statements that gather what is kept of one payment: one method each, no decision. Amounts are minor units; days are
 * business days of East Africa.
 */
import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database/database';

type Row = Readonly<Record<string, unknown>>;

export interface EvidencePayment {
  readonly id: string;
  readonly psp: string;
  readonly transactionId: string;
  readonly receiptNumber: string;
  readonly destination: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly collectionAccount: string;
  readonly channel: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly pspReference: string;
  readonly paidAt: Date;
  readonly receivedAt: Date;
  readonly businessDay: string;
}

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

export interface EvidenceMessage {
  readonly id: string;
  readonly part: 'bill-submission' | 'payment-notification';
  readonly receivedAt: Date;
  readonly party: string;
  readonly path: string;
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly bodyDigest: string;
  readonly digest: string;
  readonly candidate: string;
  readonly certificateFingerprint: string;
  readonly pem: string | null;
  readonly statusCode: string;
  readonly flags: readonly string[];
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

/** One for each account that the payment went to, with what came of it, one row for each line of the bank. */
export interface SettlementLine {
  readonly expectationId: bigint;
  readonly psp: string;
  readonly account: string;
  readonly currency: string;
  readonly clearingDay: string;
  /** Of all payments of the expectation. */
  readonly expectedMinor: bigint;
  readonly paymentCount: number;
  readonly dueAt: Date;
  readonly openMinor: bigint;
  readonly matchKind: string | null;
  readonly rule: string | null;
  readonly inputs: object | null;
  readonly matchedAt: Date | null;
  readonly clearedMinor: bigint | null;
  readonly feeMinor: bigint | null;
  readonly statementId: bigint | null;
  readonly bankStatement: string | null;
  readonly fileName: string | null;
  readonly fileDigest: string | null;
  readonly place: number | null;
  readonly bookingDay: string | null;
  readonly entryMinor: bigint | null;
  readonly bankReference: string | null;
  readonly remittance: string | null;
}

const messageColumns = `m.id, m.received_at as "receivedAt", s.code as party, m.path, m.message_name as name, m.headers,
  m.body, encode(m.body_digest, 'hex') as "bodyDigest", m.signature_digest as digest,
  m.signature_candidate as candidate, m.certificate_fingerprint as "certificateFingerprint", c.pem,
  m.status_code as "statusCode", m.flags`;

const messageTables = `join party s on s.id = m.party_id
  left join party_certificate c on c.party_id = m.party_id and c.fingerprint = m.certificate_fingerprint`;

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

  async payment(reader: Reader, id: string): Promise<EvidencePayment | undefined> {
    const [row] = await reader.query<EvidencePayment>(
      `select p.id, s.code as psp, p.psp_transaction_id as "transactionId", p.receipt_number as "receiptNumber",
              p.destination, p.control_number as "controlNumber", p.amount_minor as "amountMinor", p.currency,
              p.collection_account as "collectionAccount", p.channel, p.payer_name as "payerName",
              p.payer_phone as "payerPhone", p.payer_email as "payerEmail", p.psp_reference as "pspReference",
              p.paid_at as "paidAt", p.received_at as "receivedAt", p.business_day::text as "businessDay"
         from payment p join party s on s.id = p.psp_id where p.id = $1`,
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

  /**
   * The message of the payment; and of each bill that which it came with: both were written in one transaction, so they
   * bear the same instant. Bills over the JSON API come with a key and no signature, and have none.
   */
  async messages(
    reader: Reader,
    paymentIds: readonly string[],
    billIds: readonly string[],
  ): Promise<readonly EvidenceMessage[]> {
    return reader.query<EvidenceMessage>(
      `select 'bill-submission' as part, ${messageColumns}
         from inbound_message m ${messageTables}
        where (m.received_at, m.id) in (
                select o.received_at, o.id from bill b join inbound_message o on o.received_at = b.created_at
                 where b.id = any ($2) and position(convert_to(b.sp_bill_id, 'UTF8') in o.body) > 0)
       union all
       select 'payment-notification', ${messageColumns}
         from payment y
         join payment_notification n on n.psp_id = y.psp_id and n.psp_transaction_id = y.psp_transaction_id
         join inbound_message m on m.id = n.message_id ${messageTables}
        where y.id = any ($1) and n.payment_id = y.id
        order by "receivedAt", id`,
      [paymentIds, billIds],
    );
  }

  /** What was owed because of the payment and of its bills, and was sent or waits. */
  async deliveries(
    reader: Reader,
    payment: EvidencePayment,
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

  /** The clearing day of a receipt is the day itself, or the next from the cut-off of its PSP on. */
  async settlement(
    reader: Reader,
    paymentIds: readonly string[],
  ): Promise<readonly SettlementLine[]> {
    return reader.query<SettlementLine>(
      `with part as (
         select distinct p.psp_id, p.currency, p.business_day, p.received_at,
                coalesce(nullif(a.collection_account, ''), p.collection_account) as account
           from payment p left join payment_allocation a on a.payment_id = p.id where p.id = any ($1)
       ), wanted as (
         select distinct o.psp_id, o.currency, o.account,
                o.business_day + case when extract(epoch from (o.received_at at time zone 'Africa/Dar_es_Salaam')::time) / 60
                                           >= coalesce(t.cutoff_minutes, 1440) then 1 else 0 end as day
           from part o
           left join lateral (
             select x.cutoff_minutes from settlement_terms x
              where x.psp_id = o.psp_id and x.currency = o.currency and x.valid_from <= o.business_day
                and x.collection_account in (o.account, '')
              order by x.collection_account <> '' desc, x.valid_from desc limit 1) t on true
       )
       select e.id as "expectationId", s.code as psp, e.collection_account as account, e.currency,
              e.clearing_day::text as "clearingDay", e.paid_minor + e.adjusted_minor as "expectedMinor",
              e.payment_count as "paymentCount", e.due_at as "dueAt", e.open_minor as "openMinor",
              m.kind as "matchKind", m.rule, m.inputs, m.matched_at as "matchedAt", m.cleared_minor as "clearedMinor",
              m.fee_minor as "feeMinor", k.id as "statementId", k.bank_id as "bankStatement",
              k.file_name as "fileName", encode(k.file_digest, 'hex') as "fileDigest", b.place,
              b.booking_day::text as "bookingDay", b.amount_minor as "entryMinor", b.bank_reference as "bankReference",
              b.remittance
         from wanted w
         join expectation_state e on e.psp_id = w.psp_id and e.currency = w.currency
              and e.collection_account = w.account and e.clearing_day = w.day
         join party s on s.id = e.psp_id
         left join bank_match m on m.expectation_id = e.id
         left join bank_entry b on b.id = m.bank_entry_id
         left join bank_statement k on k.id = b.statement_id
        order by e.clearing_day, e.id, m.id`,
      [paymentIds],
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
