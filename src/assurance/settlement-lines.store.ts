/** Statements on what the days of payments were expected to bring at the bank, and what came. Amounts are minor units. */
import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database/database';

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

@Injectable()
export class SettlementLinesStore {
  /** The clearing day of a receipt is the day itself, or the next from the cut-off of its PSP on. */
  async ofPayments(
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
}
