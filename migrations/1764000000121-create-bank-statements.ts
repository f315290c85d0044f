/**
 * What banks say of collection accounts and of the treasury's: statements and their booked entries, kept as they came.
 * An entry with the bank's reference counts once, whichever statement or notification tells it.
 * Locks nothing that exists. Back: `down` drops both. Rules: product.md §7, rulings.md §8 (posted at import).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateBankStatements1764000000121 implements MigrationInterface {
  readonly name = 'CreateBankStatements1764000000121';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table bank_statement (
        id bigint generated always as identity primary key,
        account text not null,
        currency text not null check (currency in ('TZS', 'USD')),
        format text not null,
        bank_id text not null,
        sequence text not null,
        first_day date not null,
        last_day date not null,
        opening_minor bigint,
        closing_minor bigint,
        entry_count integer not null,
        file_name text not null,
        file_digest bytea not null,
        content_digest bytea not null,
        imported_by text not null,
        imported_at timestamptz not null default gateway_now(),
        constraint bank_statement_content_key unique (account, currency, content_digest)
      )`);
    await runner.query(
      `create index bank_statement_by_account on bank_statement (account, currency, last_day)`,
    );
    await runner.query(`
      create table bank_entry (
        id bigint generated always as identity primary key,
        statement_id bigint not null references bank_statement,
        account text not null,
        currency text not null check (currency in ('TZS', 'USD')),
        place integer not null,
        line_number integer not null,
        path text not null,
        direction text not null check (direction in ('credit', 'debit')),
        amount_minor bigint not null check (amount_minor > 0),
        booking_day date not null,
        value_day date,
        is_reversal boolean not null,
        bank_reference text not null,
        end_to_end_id text not null,
        remittance text not null,
        counterparty_name text not null,
        counterparty_account text not null,
        transaction_code text not null,
        return_reason text not null,
        details jsonb not null,
        occurrence integer not null,
        constraint bank_entry_place_key unique (statement_id, place)
      )`);
    await runner.query(`
      create unique index bank_entry_reference_key
        on bank_entry (account, currency, bank_reference, booking_day, direction, amount_minor, occurrence)
        where bank_reference <> ''`);
    await runner.query(
      `create index bank_entry_by_account on bank_entry (account, currency, booking_day)`,
    );
    await runner.query(`
      select make_append_only('bank_statement'), make_append_only('bank_entry'),
             grant_to('malipo_system', 'select, insert', 'bank_statement'),
             grant_to('malipo_system', 'select, insert', 'bank_entry')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table bank_entry, bank_statement`);
  }
}
