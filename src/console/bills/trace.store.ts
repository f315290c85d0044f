/**
 * Statements that follow a bill or a payment through the books: one method each, no decision. `partyId` bounds them to
 * one institution; null is the treasury.
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../../kernel/business-day';
import type { Reader } from '../../platform/database/database';

export interface FoundBill {
  readonly id: string;
  readonly billId: string;
  readonly sp: string;
  readonly controlNumber: string;
  readonly state: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly paidMinor: bigint;
  readonly surplusMinor: bigint;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly description: string;
  readonly option: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly cancelledAt: Date | null;
  readonly cancelReason: string | null;
}

export interface FoundPayment {
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
  readonly businessDay: BusinessDay;
}

export interface FoundMessage {
  readonly id: string;
  readonly receivedAt: Date;
  readonly party: string;
  readonly name: string;
  readonly path: string;
  readonly body: Buffer;
  readonly bodyDigest: Buffer;
  readonly signatureDigest: string;
  readonly signatureCandidate: string;
  readonly certificateFingerprint: string;
  readonly statusCode: string;
  readonly flags: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly pem: string | null;
  readonly paymentId: string | null;
}

export interface ListedMessage {
  readonly id: string;
  readonly receivedAt: Date;
  readonly party: string;
  readonly name: string;
  readonly path: string;
  readonly signatureDigest: string;
  readonly certificateFingerprint: string;
  readonly statusCode: string;
  readonly of: 'payment' | 'bill';
}

export const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const state = `case when b.state in ('open', 'partly-paid') and gateway_now() > b.expires_at then 'expired' else b.state end`;

export const billColumns = `b.id, b.sp_bill_id as "billId", s.code as sp, b.control_number as "controlNumber", ${state} as state,
  b.currency, b.amount_minor as "amountMinor", b.paid_minor as "paidMinor", b.surplus_minor as "surplusMinor",
  b.payer_name as "payerName", b.payer_phone as "payerPhone", b.payer_email as "payerEmail", b.description,
  b.payment_option as option, b.created_at as "createdAt", b.expires_at as "expiresAt",
  b.cancelled_at as "cancelledAt", b.cancel_reason as "cancelReason"`;

export const paymentColumns = `p.id, s.code as psp, p.psp_transaction_id as "transactionId", p.receipt_number as "receiptNumber",
  p.destination, p.control_number as "controlNumber", p.amount_minor as "amountMinor", p.currency,
  p.collection_account as "collectionAccount", p.channel, p.payer_name as "payerName", p.payer_phone as "payerPhone",
  p.payer_email as "payerEmail", p.psp_reference as "pspReference", p.paid_at as "paidAt",
  p.received_at as "receivedAt", p.business_day as "businessDay"`;

const ofParty = (place: string): string =>
  `(${place}::integer is null or exists (select from payment_allocation a where a.payment_id = p.id and a.sp_id = ${place}))`;

@Injectable()
export class TraceStore {
  async bill(reader: Reader, id: string, partyId: number | null): Promise<FoundBill | undefined> {
    const [row] = await reader.query<FoundBill>(
      `select ${billColumns} from bill b join party s on s.id = b.sp_id
        where b.id = $1 and ($2::integer is null or b.sp_id = $2)`,
      [id, partyId],
    );
    return row;
  }

  async payment(
    reader: Reader,
    id: string,
    partyId: number | null,
  ): Promise<FoundPayment | undefined> {
    const [row] = await reader.query<FoundPayment>(
      `select ${paymentColumns} from payment p join party s on s.id = p.psp_id where p.id = $1 and ${ofParty('$2')}`,
      [id, partyId],
    );
    return row;
  }

  async paymentsOfBill(reader: Reader, billId: string): Promise<readonly FoundPayment[]> {
    return reader.query<FoundPayment>(
      `select ${paymentColumns} from payment_allocation a join payment p on p.id = a.payment_id
         join party s on s.id = p.psp_id where a.bill_id = $1 order by p.received_at, p.id`,
      [billId],
    );
  }

  async billsOfPayment(
    reader: Reader,
    paymentId: string,
    partyId: number | null,
  ): Promise<readonly FoundBill[]> {
    return reader.query<FoundBill>(
      `select ${billColumns} from payment_allocation a join bill b on b.id = a.bill_id
         join party s on s.id = b.sp_id where a.payment_id = $1 and ($2::integer is null or b.sp_id = $2) order by b.id`,
      [paymentId, partyId],
    );
  }

  /**
   * Of payments and of bills, without their bytes: the page of a message shows them. The submission of a bill was written
   * in one transaction with it, so both bear the same instant.
   */
  async messagesOf(
    reader: Reader,
    paymentIds: readonly string[],
    billIds: readonly string[],
    partyId: number | null,
  ): Promise<readonly ListedMessage[]> {
    return reader.query<ListedMessage>(
      `select m.id, m.received_at as "receivedAt", s.code as party, m.message_name as name, m.path,
              m.signature_digest as "signatureDigest", m.certificate_fingerprint as "certificateFingerprint",
              m.status_code as "statusCode", o.of
         from (select n.message_id as id, null::timestamptz as at, 'payment' as of
                 from payment y
                 join payment_notification n on n.psp_id = y.psp_id and n.psp_transaction_id = y.psp_transaction_id
                where y.id = any ($1) and n.payment_id = y.id and n.message_id is not null
               union all
               select i.id, i.received_at, 'bill' from bill b join inbound_message i on i.received_at = b.created_at
                where b.id = any ($2) and position(convert_to(b.sp_bill_id, 'UTF8') in i.body) > 0) o
         join inbound_message m on m.id = o.id and (o.at is null or m.received_at = o.at)
         join party s on s.id = m.party_id
        where $3::integer is null or m.party_id = $3
        order by m.received_at, m.id`,
      [paymentIds, billIds, partyId],
    );
  }

  async message(
    reader: Reader,
    id: string,
    partyId: number | null,
  ): Promise<FoundMessage | undefined> {
    const [row] = await reader.query<FoundMessage>(
      `select m.id, m.received_at as "receivedAt", s.code as party, m.message_name as name, m.path, m.body,
              m.body_digest as "bodyDigest", m.signature_digest as "signatureDigest",
              m.signature_candidate as "signatureCandidate", m.certificate_fingerprint as "certificateFingerprint",
              m.status_code as "statusCode", m.flags, m.headers, c.pem,
              (select n.payment_id from payment_notification n where n.message_id = m.id limit 1) as "paymentId"
         from inbound_message m join party s on s.id = m.party_id
         left join party_certificate c on c.party_id = m.party_id and c.fingerprint = m.certificate_fingerprint
        where m.id = $1 and ($2::integer is null or m.party_id = $2)`,
      [id, partyId],
    );
    return row;
  }

  /** Of the payments, and of what officers did to them since. */
  async postings(
    reader: Reader,
    paymentIds: readonly string[],
  ): Promise<
    readonly {
      at: Date;
      day: BusinessDay;
      currency: string;
      account: string;
      debitMinor: bigint;
      creditMinor: bigint;
    }[]
  > {
    return reader.query(
      `select e.posted_at as at, e.business_day as day, e.currency, a.name as account,
              g.debit_minor as "debitMinor", g.credit_minor as "creditMinor"
         from (select unnest(array['payment', 'placement']) as kind, x as id from unnest($1::text[]) x
               union all select 'reversal', id::text from payment_reversal where payment_id = any ($1::text[]::uuid[])
               union all select unnest(array['refund', 'refund-return']), id::text
                           from refund where payment_id = any ($1::text[]::uuid[])) o
         join ledger_entry e on e.source_kind = o.kind and e.source_id = o.id
         join posting g on g.business_day = e.business_day and g.entry_id = e.id
         join ledger_account a on a.id = g.account_id
        order by e.posted_at, e.id, g.position`,
      [paymentIds],
    );
  }

  async deliveries(
    reader: Reader,
    subjects: readonly string[],
    since: Date,
    partyId: number | null,
  ): Promise<
    readonly {
      id: bigint;
      recipient: string;
      kind: string;
      state: string;
      attemptCount: number;
      createdAt: Date;
      settledAt: Date | null;
    }[]
  > {
    return reader.query(
      `select d.id, p.code as recipient, d.kind, d.state, d.attempt_count as "attemptCount",
              d.created_at as "createdAt", d.settled_at as "settledAt"
         from delivery d join party p on p.id = d.recipient_id
        where d.subject = any ($1) and d.created_at >= $2 and ($3::integer is null or d.recipient_id = $3)
        order by d.created_at, d.id limit 200`,
      [subjects, since, partyId],
    );
  }

  async matches(
    reader: Reader,
    paymentIds: readonly string[],
  ): Promise<
    readonly {
      at: Date;
      rule: string;
      inputs: object;
      lineNumber: number;
      day: BusinessDay;
      isLatest: boolean;
    }[]
  > {
    return reader.query(
      `select r.ran_at as at, m.rule, m.inputs, l.line_number as "lineNumber", r.business_day as day, r.is_latest as "isLatest"
         from match m join reconciliation_run r on r.id = m.run_id join statement_line l on l.id = m.statement_line_id
        where m.payment_id = any ($1) order by r.ran_at, m.run_id`,
      [paymentIds],
    );
  }

  async events(
    reader: Reader,
    subjects: readonly string[],
  ): Promise<readonly { at: Date; actor: string; action: string }[]> {
    return reader.query(
      `select occurred_at as at, actor, action from audit_event where subject = any ($1)
        order by occurred_at desc, id desc limit 100`,
      [subjects],
    );
  }

  /** How often the officer has seen payers in full within the last hour. */
  async revealsInLastHour(reader: Reader, actor: string): Promise<number> {
    const [row] = await reader.query<{ n: number }>(
      `select count(*)::integer as n from audit_event
        where occurred_at > gateway_now() - interval '1 hour' and actor = $1 and action = 'payer.revealed'`,
      [actor],
    );
    return row?.n ?? 0;
  }
}
