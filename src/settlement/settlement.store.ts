/** Statements on matches, misses and runs: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Reader, Tx } from '../platform/database/database';
import type { MatchKind } from './settlement-entries.rules';
import type { OpenLine } from './bank-debit.rules';

export interface OpenBankEntry extends OpenLine {
  readonly currency: Currency;
  readonly direction: 'credit' | 'debit';
  /** Of the whole entry; `amountMinor` is what is not matched. */
  readonly wholeMinor: bigint;
  readonly counterpartyName: string;
  readonly details: readonly Readonly<Record<string, string | null>>[];
}

export interface OpenExpectationRow {
  readonly id: bigint;
  readonly pspId: number;
  readonly pspCode: string;
  readonly collectionAccount: string;
  readonly currency: Currency;
  readonly clearingDay: BusinessDay;
  readonly openMinor: bigint;
  readonly feeOpenMinor: bigint;
  readonly arrivedMinor: bigint;
  readonly reference: string;
  readonly dueAt: Date;
  readonly isDue: boolean;
}

export interface MatchDraft {
  readonly bankEntryId: bigint;
  readonly kind: MatchKind;
  readonly expectationId: bigint | null;
  readonly otherEntryId: bigint | null;
  readonly amountMinor: bigint;
  /** Effect on the expectation: amount and fee, or less than nothing for a return. */
  readonly clearedMinor: bigint;
  readonly feeMinor: bigint;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly inputs: object;
  readonly matchedBy: string;
}

export interface MissDraft {
  readonly bankEntryId: bigint;
  readonly reason: string;
  readonly candidates: object;
}

export interface ReturnableMatch {
  readonly expectationId: bigint | null;
  readonly pspCode: string | null;
  readonly collectionAccount: string | null;
  readonly amountMinor: bigint;
  readonly bankEntryId: bigint;
}

/** What bank entries older than that explain is left to officers. */
const daysTried = 120;

const lineColumns = `e.id, e.account, e.currency, e.direction, e.booking_day as "bookingDay", e.is_reversal as "isReversal",
       e.return_reason as "returnReason", e.bank_reference as "bankReference", e.end_to_end_id as "endToEndId",
       e.remittance, e.counterparty_account as "counterpartyAccount", e.counterparty_name as "counterpartyName",
       e.transaction_code as "transactionCode", e.details, e.amount_minor as "wholeMinor"`;

@Injectable()
export class SettlementStore {
  /** One run at a time. */
  async lock(tx: Tx): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(7422)`);
  }

  async openEntries(reader: Reader): Promise<readonly OpenBankEntry[]> {
    return reader.query<OpenBankEntry>(
      `select ${lineColumns}, (e.amount_minor - m.matched)::bigint as "amountMinor"
         from bank_entry e
         left join lateral (select coalesce(sum(b.amount_minor), 0) as matched
                              from bank_match b where b.bank_entry_id = e.id) m on true
        where e.booking_day >= business_day_of(gateway_now()) - ${String(daysTried)} and e.amount_minor > m.matched
        order by e.booking_day, e.id`,
    );
  }

  /** Sweeps that left a collection account and did not reach the treasury's yet. */
  async openSweeps(reader: Reader): Promise<readonly OpenBankEntry[]> {
    return reader.query<OpenBankEntry>(
      `select ${lineColumns}, e.amount_minor as "amountMinor"
         from bank_match b join bank_entry e on e.id = b.bank_entry_id
        where b.kind = 'sweep' and not exists (
                select from bank_match o where o.kind = 'treasury' and o.other_entry_id = e.id)
        order by e.booking_day, e.id`,
    );
  }

  async creditsOf(reader: Reader, accounts: readonly string[]): Promise<readonly OpenBankEntry[]> {
    return reader.query<OpenBankEntry>(
      `select ${lineColumns}, e.amount_minor as "amountMinor"
         from bank_entry e
        where e.direction = 'credit' and e.account = any ($1)
          and e.booking_day >= business_day_of(gateway_now()) - ${String(daysTried)}
          and not exists (select from bank_match b where b.kind = 'return' and b.other_entry_id = e.id)
        order by e.booking_day, e.id`,
      [accounts],
    );
  }

  async matchesOf(reader: Reader, bankEntryId: bigint): Promise<readonly ReturnableMatch[]> {
    return reader.query<ReturnableMatch>(
      `select b.expectation_id as "expectationId", p.code as "pspCode", x.collection_account as "collectionAccount",
              b.amount_minor as "amountMinor", b.bank_entry_id as "bankEntryId"
         from bank_match b left join expectation x on x.id = b.expectation_id left join party p on p.id = x.psp_id
        where b.bank_entry_id = $1 order by b.id`,
      [bankEntryId],
    );
  }

  async openExpectations(reader: Reader): Promise<readonly OpenExpectationRow[]> {
    return reader.query<OpenExpectationRow>(
      `select e.id, e.psp_id as "pspId", p.code as "pspCode", e.collection_account as "collectionAccount", e.currency,
              e.clearing_day as "clearingDay", e.open_minor as "openMinor", e.fee_open_minor as "feeOpenMinor",
              e.arrived_minor as "arrivedMinor", e.reference, e.due_at as "dueAt", e.due_at <= gateway_now() as "isDue"
         from expectation_state e join party p on p.id = e.psp_id
        where e.open_minor <> 0
        order by e.clearing_day, e.id`,
    );
  }

  async addMatches(
    tx: Tx,
    runId: bigint | null,
    drafts: readonly MatchDraft[],
  ): Promise<readonly bigint[]> {
    const rows = await tx.query<{ id: bigint }>(
      `insert into bank_match (bank_entry_id, kind, expectation_id, other_entry_id, amount_minor, cleared_minor, fee_minor,
         rule, rule_version, inputs, matched_by, run_id)
       select t.*, $12 from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
         $7::bigint[], $8::text[], $9::integer[], $10::jsonb[], $11::text[]) as t
       returning id`,
      [
        drafts.map((each) => each.bankEntryId),
        drafts.map((each) => each.kind),
        drafts.map((each) => each.expectationId),
        drafts.map((each) => each.otherEntryId),
        drafts.map((each) => each.amountMinor),
        drafts.map((each) => each.clearedMinor),
        drafts.map((each) => each.feeMinor),
        drafts.map((each) => each.rule),
        drafts.map((each) => each.ruleVersion),
        drafts.map((each) => JSON.stringify(each.inputs)),
        drafts.map((each) => each.matchedBy),
        runId,
      ],
    );
    return rows.map((row) => row.id);
  }

  async replaceMisses(tx: Tx, runId: bigint, misses: readonly MissDraft[]): Promise<void> {
    await tx.query(`delete from bank_miss`);
    await tx.query(
      `insert into bank_miss (bank_entry_id, run_id, reason, candidates)
       select t.entry, $1, t.reason, t.candidates
         from unnest($2::bigint[], $3::text[], $4::jsonb[]) as t (entry, reason, candidates)`,
      [
        runId,
        misses.map((each) => each.bankEntryId),
        misses.map((each) => each.reason),
        misses.map((each) => JSON.stringify(each.candidates)),
      ],
    );
  }

  async openRun(tx: Tx, ranBy: string, throughDay: BusinessDay): Promise<bigint> {
    const [row] = await tx.query<{ id: bigint }>(
      `insert into settlement_run (ran_by, through_day, last_statement_id)
       select $1, $2, coalesce(max(id), 0) from bank_statement returning id`,
      [ranBy, throughDay],
    );
    return (row as { id: bigint }).id;
  }

  async closeRun(tx: Tx, runId: bigint, matchCount: number, unmatchedCount: number): Promise<void> {
    await tx.query(
      `update settlement_run set match_count = $2, unmatched_count = $3 where id = $1`,
      [runId, matchCount, unmatchedCount],
    );
  }

  /** A statement, terms, a holiday or an officer's entry since the last run; a new day; or something that fell due. */
  async isRunDue(reader: Reader): Promise<boolean> {
    const [row] = await reader.query<{ due: boolean }>(
      `with last as (select * from settlement_run order by id desc limit 1)
       select case when not exists (select from last)
                   then exists (select from bank_statement) or exists (select from payment)
                   else exists (
                     select from last l
                      where l.last_statement_id < (select coalesce(max(id), 0) from bank_statement)
                         or l.through_day < business_day_of(gateway_now())
                         or exists (select from expectation x where x.due_at > l.ran_at and x.due_at <= gateway_now())
                         or exists (select from settlement_terms t where t.set_at > l.ran_at)
                         or exists (select from calendar_day c where c.set_at > l.ran_at)
                         or exists (select from closed_day c join discrepancy d on d.business_day = c.day
                                     where c.closed_at > gateway_now() - interval '2 days'
                                       and d.state in ('open', 'awaiting-approval')
                                       and not exists (select from discrepancy_carry y where y.discrepancy_id = d.id))
                         or exists (select from ledger_entry e
                                     where e.source_kind not in ('payment', 'bank-opening', 'bank-entry', 'bank-match')
                                       and e.business_day >= l.through_day and e.posted_at > l.ran_at)) end as due`,
    );
    return row?.due ?? false;
  }
}
