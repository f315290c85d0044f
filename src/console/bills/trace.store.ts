/**
 * Statements that follow a bill or a payment through the books: one method each, no decision. `partyId` bounds them to
 * one institution; null is the treasury.
 */
import { Injectable } from '@nestjs/common';
import {
  type KeptMessage,
  type KeptPayment,
  type ListedMessage,
  listedMessageColumns,
  messageColumns,
  messageSender,
  messagesOf,
  paymentColumns,
} from '../../assurance/kept-columns';
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

export interface FoundMessage extends KeptMessage {
  readonly paymentId: string | null;
}

const state = `case when b.state in ('open', 'partly-paid') and gateway_now() > b.expires_at then 'expired' else b.state end`;

export const billColumns = `b.id, b.sp_bill_id as "billId", s.code as sp, b.control_number as "controlNumber", ${state} as state,
  b.currency, b.amount_minor as "amountMinor", b.paid_minor as "paidMinor", b.surplus_minor as "surplusMinor",
  b.payer_name as "payerName", b.payer_phone as "payerPhone", b.payer_email as "payerEmail", b.description,
  b.payment_option as option, b.created_at as "createdAt", b.expires_at as "expiresAt",
  b.cancelled_at as "cancelledAt", b.cancel_reason as "cancelReason"`;

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
  ): Promise<KeptPayment | undefined> {
    const [row] = await reader.query<KeptPayment>(
      `select ${paymentColumns} from payment p join party s on s.id = p.psp_id where p.id = $1 and ${ofParty('$2')}`,
      [id, partyId],
    );
    return row;
  }

  async paymentsOfBill(reader: Reader, billId: string): Promise<readonly KeptPayment[]> {
    return reader.query<KeptPayment>(
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

  /** Of payments and of bills, without their bytes: the page of a message shows them. */
  async messagesOf(
    reader: Reader,
    paymentIds: readonly string[],
    billIds: readonly string[],
    partyId: number | null,
  ): Promise<readonly (ListedMessage & { readonly of: 'payment' | 'bill' })[]> {
    return reader.query(
      `select ${listedMessageColumns}, o.of
         from ${messagesOf('$1', '$2')} join party s on s.id = m.party_id
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
      `select ${messageColumns},
              (select n.payment_id from payment_notification n where n.message_id = m.id limit 1) as "paymentId"
         from inbound_message m ${messageSender}
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
