/**
 * PSP day statements, runs that compare them with our payments, matches and discrepancies.
 * Locks nothing that exists. Back: `down` drops all. Rules: product.md §7, rulings.md §6.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReconciliation1764000000008 implements MigrationInterface {
  readonly name = 'CreateReconciliation1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table statement (
        id bigint generated always as identity primary key,
        psp_id integer not null references party,
        business_day date not null,
        revision integer not null,
        is_live boolean not null,
        file_name text not null,
        file_digest bytea not null,
        line_count integer not null,
        imported_at timestamptz not null default gateway_now(),
        imported_by text not null,
        constraint statement_revision_key unique (psp_id, business_day, revision),
        constraint statement_file_key unique (psp_id, business_day, file_digest)
      )`);
    await runner.query(`
      create unique index statement_live_key on statement (psp_id, business_day) where is_live`);
    await runner.query(`
      create table statement_line (
        id bigint generated always as identity primary key,
        statement_id bigint not null references statement,
        line_number integer not null,
        psp_transaction_id text not null,
        control_number text not null,
        amount_minor bigint not null check (amount_minor > 0),
        currency text not null check (currency in ('TZS', 'USD')),
        receipt_number text not null,
        paid_at timestamptz not null,
        constraint statement_line_key unique (statement_id, line_number)
      )`);
    await runner.query(`
      create index statement_line_by_transaction on statement_line (statement_id, psp_transaction_id)`);
    await runner.query(`
      create table reconciliation_run (
        id bigint generated always as identity primary key,
        psp_id integer not null references party,
        business_day date not null,
        statement_id bigint references statement,
        is_latest boolean not null,
        is_provisional boolean not null,
        ran_at timestamptz not null default gateway_now(),
        line_count integer not null default 0,
        payment_count integer not null default 0,
        match_count integer not null default 0,
        discrepancy_count integer not null default 0
      )`);
    await runner.query(`
      create unique index reconciliation_run_latest_key on reconciliation_run (psp_id, business_day) where is_latest`);
    await runner.query(`
      create table match (
        run_id bigint not null references reconciliation_run,
        statement_line_id bigint not null references statement_line,
        payment_id uuid not null references payment,
        rule text not null,
        inputs jsonb not null,
        primary key (run_id, statement_line_id),
        constraint match_payment_key unique (run_id, payment_id)
      )`);
    await runner.query(`
      create table discrepancy (
        id bigint generated always as identity primary key,
        psp_id integer not null references party,
        business_day date not null,
        kind text not null,
        subject text not null,
        statement_line_id bigint references statement_line,
        payment_id uuid references payment,
        notification_id uuid references payment_notification,
        their_amount_minor bigint,
        our_amount_minor bigint,
        currency text not null,
        state text not null default 'open' check (state in ('open', 'resolved', 'withdrawn')),
        raised_by_run bigint not null references reconciliation_run,
        last_run bigint not null references reconciliation_run,
        raised_at timestamptz not null default gateway_now(),
        closed_at timestamptz,
        constraint discrepancy_key unique (psp_id, business_day, kind, subject)
      )`);
    await runner.query(
      `create index discrepancy_open on discrepancy (business_day, psp_id) where state = 'open'`,
    );
    for (const table of ['statement', 'reconciliation_run', 'discrepancy']) {
      await runner.query(`select grant_to('malipo_system', 'select, insert, update', $1)`, [table]);
    }
    for (const table of ['statement_line', 'match']) {
      await runner.query(`select make_append_only($1)`, [table]);
      await runner.query(`select grant_to('malipo_system', 'select, insert', $1)`, [table]);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table discrepancy, match, reconciliation_run, statement_line, statement`,
    );
  }
}
