/**
 * What is expected at the bank and what explains each bank entry. A match never changes: what it did is undone by
 * another with the opposite sign. Why an entry is not matched is kept as of the last run.
 * The index on ledger_entry leaves payments out, so the intake pays nothing for it; building it reads the table once.
 * Back: `down` drops all. Rules: product.md §7, rulings.md §8.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSettlement1764000000122 implements MigrationInterface {
  readonly name = 'CreateSettlement1764000000122';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table settlement_run (
        id bigint generated always as identity primary key,
        ran_at timestamptz not null default gateway_now(),
        ran_by text not null,
        last_statement_id bigint not null,
        through_day date not null,
        match_count integer not null default 0,
        unmatched_count integer not null default 0
      )`);
    await runner.query(`
      create table expectation (
        id bigint generated always as identity primary key,
        psp_id integer not null references party,
        collection_account text not null,
        currency text not null check (currency in ('TZS', 'USD')),
        clearing_day date not null,
        payment_count integer not null,
        paid_minor bigint not null,
        adjusted_minor bigint not null,
        fee_kept_minor bigint not null check (fee_kept_minor >= 0),
        fee_apart_minor bigint not null check (fee_apart_minor >= 0),
        reference text not null,
        due_at timestamptz not null,
        computed_at timestamptz not null default gateway_now(),
        constraint expectation_key unique (psp_id, collection_account, currency, clearing_day)
      )`);
    await runner.query(`
      create table bank_match (
        id bigint generated always as identity primary key,
        bank_entry_id bigint not null references bank_entry,
        kind text not null check (kind in (
          'settlement', 'return', 'refund', 'charge', 'sweep', 'treasury', 'suspense', 'left')),
        expectation_id bigint references expectation,
        other_entry_id bigint references bank_entry,
        amount_minor bigint not null check (amount_minor <> 0),
        cleared_minor bigint not null,
        fee_minor bigint not null check (fee_minor >= 0),
        rule text not null,
        rule_version integer not null,
        inputs jsonb not null,
        matched_by text not null,
        matched_at timestamptz not null default gateway_now(),
        run_id bigint references settlement_run,
        check ((expectation_id is null) = (cleared_minor = 0))
      )`);
    await runner.query(`create index bank_match_by_entry on bank_match (bank_entry_id)`);
    await runner.query(
      `create index bank_match_by_expectation on bank_match (expectation_id) where expectation_id is not null`,
    );
    // What is still to come: gross, less what was cleared; the fee is posted with the credit that clears the rest.
    await runner.query(`
      create view expectation_state as
      select e.*, e.paid_minor + e.adjusted_minor - coalesce(m.cleared_minor, 0) as open_minor,
             coalesce(m.cleared_minor, 0)::bigint as cleared_minor, coalesce(m.fee_minor, 0)::bigint as fee_posted_minor,
             coalesce(m.cleared_minor - m.fee_minor, 0)::bigint as arrived_minor,
             greatest(least(e.fee_kept_minor - coalesce(m.fee_minor, 0),
                            e.paid_minor + e.adjusted_minor - coalesce(m.cleared_minor, 0)), 0)::bigint as fee_open_minor
        from expectation e
        left join lateral (
          select sum(b.cleared_minor)::bigint as cleared_minor, sum(b.fee_minor)::bigint as fee_minor
            from bank_match b where b.expectation_id = e.id) m on true`);
    await runner.query(`
      create table bank_miss (
        bank_entry_id bigint primary key references bank_entry,
        run_id bigint not null references settlement_run,
        reason text not null,
        candidates jsonb not null
      )`);
    await runner.query(`
      create table settlement_discrepancy (
        discrepancy_id bigint primary key references discrepancy,
        kind text not null,
        expectation_id bigint references expectation,
        bank_entry_id bigint references bank_entry,
        check (num_nonnulls(expectation_id, bank_entry_id) > 0)
      )`);
    await runner.query(`
      create index ledger_entry_of_officers on ledger_entry (business_day)
        where source_kind not in ('payment', 'bank-opening', 'bank-entry', 'bank-match')`);
    await runner.query(`
      select make_append_only('bank_match'),
             grant_to('malipo_system', 'select, insert', 'bank_match'),
             grant_to('malipo_system', 'select', 'expectation_state'),
             grant_to('malipo_system', 'select, insert, update', 'settlement_run'),
             grant_to('malipo_system', 'select, insert, update', 'expectation'),
             grant_to('malipo_system', 'select, insert, update, delete', 'bank_miss'),
             grant_to('malipo_system', 'select, insert', 'settlement_discrepancy')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ledger_entry_of_officers;
      drop view expectation_state;
      drop table settlement_discrepancy, bank_miss, bank_match, expectation, settlement_run`);
  }
}
