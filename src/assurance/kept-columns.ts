/**
 * The columns of what is kept of a payment and of a message, for the evidence and for the pages that follow them through
 * the books.
 */
import type { BusinessDay } from '../kernel/business-day';

/** Amounts are minor units; the day is one of East Africa. */
export interface KeptPayment {
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

/** Of `payment p` with its PSP as `party s`. */
export const paymentColumns = `p.id, s.code as psp, p.psp_transaction_id as "transactionId",
  p.receipt_number as "receiptNumber", p.destination, p.control_number as "controlNumber",
  p.amount_minor as "amountMinor", p.currency, p.collection_account as "collectionAccount", p.channel,
  p.payer_name as "payerName", p.payer_phone as "payerPhone", p.payer_email as "payerEmail",
  p.psp_reference as "pspReference", p.paid_at as "paidAt", p.received_at as "receivedAt",
  p.business_day as "businessDay"`;

/** A message without its bytes. */
export interface ListedMessage {
  readonly id: string;
  readonly receivedAt: Date;
  readonly party: string;
  readonly path: string;
  readonly name: string;
  readonly digest: string;
  readonly certificateFingerprint: string;
  readonly statusCode: string;
}

export interface KeptMessage extends ListedMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** SHA-256 at its receipt, hexadecimal. */
  readonly bodyDigest: string;
  readonly candidate: string;
  /** null where the certificate is not that party's. */
  readonly pem: string | null;
  readonly flags: readonly string[];
}

/** Of `inbound_message m` with its sender as `party s`. */
export const listedMessageColumns = `m.id, m.received_at as "receivedAt", s.code as party, m.path,
  m.message_name as name, m.signature_digest as digest, m.certificate_fingerprint as "certificateFingerprint",
  m.status_code as "statusCode"`;

/** With the sender's certificate as `party_certificate c` too. */
export const messageColumns = `${listedMessageColumns}, m.headers, m.body,
  encode(m.body_digest, 'hex') as "bodyDigest", m.signature_candidate as candidate, c.pem, m.flags`;

export const messageSender = `join party s on s.id = m.party_id
  left join party_certificate c on c.party_id = m.party_id and c.fingerprint = m.certificate_fingerprint`;

/**
 * The messages of payments and of bills, each list at its place, as `m` and `o.of`, which is payment or bill. The
 * submission of a bill was written in one transaction with it, so both bear the same instant.
 */
export function messagesOf(paymentIds: string, billIds: string): string {
  return `(
    select n.message_id as id, null::timestamptz as at, 'payment' as of
      from payment y
      join payment_notification n on n.psp_id = y.psp_id and n.psp_transaction_id = y.psp_transaction_id
     where y.id = any (${paymentIds}) and n.payment_id = y.id and n.message_id is not null
    union all
    select i.id, i.received_at, 'bill' from bill b join inbound_message i on i.received_at = b.created_at
     where b.id = any (${billIds}) and position(convert_to(b.sp_bill_id, 'UTF8') in i.body) > 0
  ) o join inbound_message m on m.id = o.id and (o.at is null or m.received_at = o.at)`;
}
