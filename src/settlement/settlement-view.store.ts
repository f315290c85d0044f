/** Statements for the read sides of settlement. Amounts are minor units. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Reader } from '../platform/database/database';
import type { MissedCandidate } from './settlement-status.rules';

export interface ExpectationRow {
  readonly expectationId: bigint;
  readonly pspCode: string;
  readonly collectionAccount: string;
  readonly currency: Currency;
  readonly clearingDay: BusinessDay;
  readonly paymentCount: number;
  /** Paid, and what officers corrected since. */
  readonly grossMinor: bigint;
  /** Kept by the PSP. */
  readonly feeMinor: bigint;
  readonly feeApartMinor: bigint;
  readonly dueAt: Date;
  /** At the bank. */
  readonly arrivedMinor: bigint;
  readonly openMinor: bigint;
  readonly feeOpenMinor: bigint;
  readonly isDue: boolean;
  readonly isStatementIn: boolean;
}

export interface TransitRow {
  /** Empty for a sweep, which has left the collection account and is not at the treasury's. */
  readonly pspCode: string;
  readonly account: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  /** The oldest day of which money is on its way. */
  readonly since: BusinessDay;
  readonly ageDays: number;
}

export interface CollectedForAccount {
  readonly spCode: string;
  readonly collectionAccount: string;
  readonly currency: Currency;
  readonly paymentCount: number;
  readonly amountMinor: bigint;
}

export interface BankStatementRow {
  readonly id: bigint;
  readonly account: string;
  readonly currency: Currency;
  readonly format: string;
  readonly bankId: string;
  readonly sequence: string;
  readonly firstDay: BusinessDay;
  readonly lastDay: BusinessDay;
  readonly openingMinor: bigint | null;
  readonly closingMinor: bigint | null;
  readonly entryCount: number;
  readonly unmatchedCount: number;
  readonly fileName: string;
  readonly importedBy: string;
  readonly importedAt: Date;
}

export interface BankEntryMatch {
  readonly kind: string;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly amountMinor: string;
  readonly feeMinor: string;
  readonly pspCode: string | null;
  readonly clearingDay: string | null;
  readonly expectationId: string | null;
  readonly otherEntryId: string | null;
  readonly matchedBy: string;
  readonly inputs: object;
}

export interface BankEntryRowView {
  readonly id: bigint;
  readonly place: number;
  readonly bookingDay: BusinessDay;
  readonly valueDay: BusinessDay | null;
  readonly direction: 'credit' | 'debit';
  readonly amountMinor: bigint;
  readonly bankReference: string;
  readonly endToEndId: string;
  readonly remittance: string;
  readonly counterpartyName: string;
  readonly counterpartyAccount: string;
  readonly matchedMinor: bigint;
  readonly matches: readonly BankEntryMatch[];
  readonly missReason: string | null;
  readonly missCandidates: readonly MissedCandidate[] | null;
}

export interface ExpectedPayment {
  readonly paymentId: string;
  readonly receiptNumber: string;
  readonly pspTransactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly receivedAt: Date;
}

/** A line of the bank that a refund explains, or what officers took back of that (a negative amount). */
export interface RefundAtBank {
  readonly kind: 'refund' | 'refund-return';
  readonly amountMinor: bigint;
  readonly matchedAt: Date;
  readonly matchedBy: string;
  readonly statementId: bigint;
  readonly bookingDay: BusinessDay;
  readonly bankReference: string;
}

@Injectable()
export class SettlementViewStore {
  /** Of one clearing day, or all that is open. */
  async expectations(reader: Reader, day: BusinessDay | null): Promise<readonly ExpectationRow[]> {
    return reader.query<ExpectationRow>(
      `select e.id as "expectationId", p.code as "pspCode", e.collection_account as "collectionAccount", e.currency,
              e.clearing_day as "clearingDay", e.payment_count as "paymentCount",
              e.paid_minor + e.adjusted_minor as "grossMinor", e.fee_kept_minor as "feeMinor",
              e.fee_apart_minor as "feeApartMinor", e.due_at as "dueAt", e.arrived_minor as "arrivedMinor",
              e.open_minor as "openMinor", e.fee_open_minor as "feeOpenMinor", e.due_at <= gateway_now() as "isDue",
              exists (select from bank_statement s
                       where s.account = e.collection_account and s.currency = e.currency
                         and s.last_day >= business_day_of(e.due_at - interval '1 second')) as "isStatementIn"
         from expectation_state e join party p on p.id = e.psp_id
        where ($1::date is not null and e.clearing_day = $1) or ($1::date is null and e.open_minor <> 0)
        order by e.clearing_day, p.code, e.collection_account, e.currency`,
      [day],
    );
  }

  async transit(reader: Reader): Promise<readonly TransitRow[]> {
    return reader.query<TransitRow>(
      `with held as (
         select p.code as psp_code, e.collection_account as account, e.currency, e.open_minor as amount_minor, e.clearing_day as since
           from expectation_state e join party p on p.id = e.psp_id where e.open_minor <> 0
         union all
         select '', e.account, e.currency, b.amount_minor, e.booking_day
           from bank_match b join bank_entry e on e.id = b.bank_entry_id
          where b.kind = 'sweep'
            and not exists (select from bank_match o where o.kind = 'treasury' and o.other_entry_id = e.id)
       )
       select psp_code as "pspCode", account, currency, sum(amount_minor)::bigint as "amountMinor", min(since)::text as since,
              business_day_of(gateway_now()) - min(since) as "ageDays"
         from held group by psp_code, account, currency having sum(amount_minor) <> 0
        order by currency, psp_code = '', psp_code, account`,
    );
  }

  /** What the ledger says is on its way, by currency: of closed days by their kept sums, then by the postings. */
  async ledgerTransit(
    reader: Reader,
  ): Promise<readonly { currency: Currency; amountMinor: bigint }[]> {
    return reader.query(
      `with summed as materialized (select coalesce(max(business_day), '-infinity'::date) as day from account_day),
       held as (
         select a.currency, coalesce(d.debit_total_minor - d.credit_total_minor, 0) + coalesce(p.minor, 0) as minor
           from ledger_account a
           left join lateral (select k.debit_total_minor, k.credit_total_minor from account_day k
                               where k.account_id = a.id order by k.business_day desc limit 1) d on true
           left join lateral (select sum(g.debit_minor - g.credit_minor) as minor from posting g
                               where g.account_id = a.id and g.business_day > (select day from summed)) p on true
          where a.kind in ('psp-receivable', 'sweep-in-transit')
       )
       select currency, sum(minor)::bigint as "amountMinor" from held
        group by currency having sum(minor) <> 0 order by currency`,
    );
  }

  /** Of a closed day the kept sums, and what has found its bill since; of an open one its payments. */
  async collected(reader: Reader, day: BusinessDay): Promise<readonly CollectedForAccount[]> {
    return reader.query<CollectedForAccount>(
      `with kept as materialized (select coalesce(max(business_day), '-infinity'::date) >= $1::date as is_kept
                                    from institution_day),
       placed as (
         select p.id from ledger_entry e join payment p on p.id = e.source_id::uuid
          where e.source_kind = 'placement' and e.business_day >= $1 and p.business_day = $1 and (select is_kept from kept)
       ), part as (
         select k.sp_id, k.collection_account, k.currency, k.part_count, k.collected_minor
           from institution_day k where k.business_day = $1
         union all
         select a.sp_id, coalesce(nullif(a.collection_account, ''), p.collection_account), p.currency, 1,
                a.principal_minor + a.surplus_minor
           from payment p join payment_allocation a on a.payment_id = p.id
          where p.business_day = $1 and not (select is_kept from kept)
         union all
         select a.sp_id, coalesce(nullif(a.collection_account, ''), p.collection_account), p.currency, 1,
                a.principal_minor + a.surplus_minor
           from placed x join payment p on p.id = x.id join payment_allocation a on a.payment_id = p.id
       )
       select s.code as "spCode", t.collection_account as "collectionAccount", t.currency,
              sum(t.part_count)::integer as "paymentCount", sum(t.collected_minor)::bigint as "amountMinor"
         from part t join party s on s.id = t.sp_id
        group by 1, 2, 3 order by 1, 2, 3`,
      [day],
    );
  }

  async statements(
    reader: Reader,
    from: BusinessDay,
    to: BusinessDay,
  ): Promise<readonly BankStatementRow[]> {
    return reader.query<BankStatementRow>(
      `select s.id, s.account, s.currency, s.format, s.bank_id as "bankId", s.sequence, s.first_day as "firstDay",
              s.last_day as "lastDay", s.opening_minor as "openingMinor", s.closing_minor as "closingMinor",
              s.entry_count as "entryCount", s.file_name as "fileName", s.imported_by as "importedBy",
              s.imported_at as "importedAt",
              (select count(*) from bank_entry e
                where e.statement_id = s.id
                  and e.amount_minor > coalesce((select sum(b.amount_minor) from bank_match b where b.bank_entry_id = e.id), 0)
              )::integer as "unmatchedCount"
         from bank_statement s where s.last_day >= $1 and s.first_day <= $2
        order by s.account, s.currency, s.last_day, s.id`,
      [from, to],
    );
  }

  async entries(reader: Reader, statementId: bigint): Promise<readonly BankEntryRowView[]> {
    return reader.query<BankEntryRowView>(
      `select e.id, e.place, e.booking_day as "bookingDay", e.value_day as "valueDay", e.direction,
              e.amount_minor as "amountMinor", e.bank_reference as "bankReference", e.end_to_end_id as "endToEndId",
              e.remittance, e.counterparty_name as "counterpartyName", e.counterparty_account as "counterpartyAccount",
              coalesce(m.matched, 0)::bigint as "matchedMinor", coalesce(m.matches, '[]') as matches,
              i.reason as "missReason", i.candidates as "missCandidates"
         from bank_entry e
         left join bank_miss i on i.bank_entry_id = e.id
         left join lateral (
           select sum(b.amount_minor) as matched,
                  jsonb_agg(jsonb_build_object('kind', b.kind, 'rule', b.rule, 'ruleVersion', b.rule_version,
                    'amountMinor', b.amount_minor::text, 'feeMinor', b.fee_minor::text, 'pspCode', p.code,
                    'clearingDay', x.clearing_day, 'expectationId', x.id::text, 'otherEntryId', b.other_entry_id::text,
                    'matchedBy', b.matched_by, 'inputs', b.inputs) order by b.id) as matches
             from bank_match b left join expectation x on x.id = b.expectation_id left join party p on p.id = x.psp_id
            where b.bank_entry_id = e.id) m on true
        where e.statement_id = $1 order by e.place`,
      [statementId],
    );
  }

  /**
   * A page of the payments that an expectation is made of, in order of receipt. What it expects is read first: known
   * days and a known PSP are found by their index, and the page ends with its last row.
   */
  async payments(
    reader: Reader,
    expectationId: bigint,
    after: string | null,
    limit: number,
  ): Promise<readonly ExpectedPayment[]> {
    const [expected] = await reader.query<Record<'psp' | 'currency' | 'day' | 'account', unknown>>(
      `select psp_id as psp, currency, clearing_day::text as day, collection_account as account
         from expectation where id = $1`,
      [expectationId],
    );
    if (expected === undefined) return [];
    const { psp, currency, day, account } = expected;
    return reader.query<ExpectedPayment>(
      `select p.id as "paymentId", p.receipt_number as "receiptNumber", p.psp_transaction_id as "pspTransactionId",
              p.control_number as "controlNumber",
              coalesce(a.principal_minor + a.surplus_minor, p.amount_minor) as "amountMinor", p.received_at as "receivedAt"
         from (select * from payment o
                where o.psp_id = $1 and o.currency = $2 and o.business_day between $3::date - 1 and $3::date
                  and ($5::uuid is null
                       or (o.business_day, o.id) > (select l.business_day, l.id from payment l where l.id = $5))
                  and $3::date = o.business_day + case
                        when extract(epoch from (o.received_at at time zone 'Africa/Dar_es_Salaam')::time) / 60
                             >= coalesce((select t.cutoff_minutes from settlement_terms t
                                           where t.psp_id = $1 and t.currency = $2 and t.valid_from <= o.business_day
                                             and t.collection_account in ($4, '')
                                           order by t.collection_account <> '' desc, t.valid_from desc limit 1), 1440)
                        then 1 else 0 end
                order by o.business_day, o.id offset 0) p
         left join lateral (select * from payment_allocation l where l.payment_id = p.id offset 0) a on true
        where coalesce(nullif(a.collection_account, ''), p.collection_account) = $4
        order by p.business_day, p.id limit $6`,
      [psp, currency, day, account, after, limit],
    );
  }

  /** In the order in which they were matched. */
  async refundAtBank(reader: Reader, refundId: string): Promise<readonly RefundAtBank[]> {
    return reader.query<RefundAtBank>(
      `select m.kind, m.amount_minor as "amountMinor", m.matched_at as "matchedAt", m.matched_by as "matchedBy",
              e.statement_id as "statementId", e.booking_day::text as "bookingDay",
              e.bank_reference as "bankReference"
         from bank_match m join bank_entry e on e.id = m.bank_entry_id
        where m.kind in ('refund', 'refund-return') and m.inputs ->> 'refund' = $1
        order by m.id`,
      [refundId],
    );
  }
}
