/**
 * The double-entry ledger. Entries are balanced sets of postings, append-only, one per source; an entry is closed by
 * the transaction that made it, so that balanced but illegitimate postings cannot join it later (security-reliability
 * D2). Locks nothing that exists. Back: `down` drops it, and with it the books. Rules: product.md §5, rulings.md §8.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateLedger1764000000005 implements MigrationInterface {
  readonly name = 'CreateLedger1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ledger_account (
        id integer generated always as identity primary key,
        name text not null,
        currency text not null check (currency in ('TZS', 'USD')),
        kind text not null,
        normal_side text not null check (normal_side in ('debit', 'credit')),
        constraint ledger_account_key unique (name, currency)
      )`);
    await runner.query(`
      create table ledger_entry (
        id uuid primary key,
        source_kind text not null,
        source_id text not null,
        business_day date not null,
        currency text not null check (currency in ('TZS', 'USD')),
        posted_at timestamptz not null default gateway_now(),
        posted_by xid8 not null default pg_current_xact_id(),
        constraint ledger_entry_source_key unique (source_kind, source_id)
      )`);
    await runner.query(`create index ledger_entry_by_day on ledger_entry (business_day)`);
    await runner.query(`
      create table posting (
        business_day date not null,
        entry_id uuid not null references ledger_entry,
        position integer not null,
        account_id integer not null references ledger_account,
        debit_minor bigint not null default 0 check (debit_minor >= 0),
        credit_minor bigint not null default 0 check (credit_minor >= 0),
        check ((debit_minor = 0) <> (credit_minor = 0)),
        primary key (business_day, entry_id, position)
      ) partition by range (business_day)`);
    await runner.query(`create index posting_by_account on posting (account_id, business_day)`);
    await runner.query(`
      create function posting_joins_its_own_transaction() returns trigger language plpgsql as $$
      begin
        if exists (
          select from added a join ledger_entry e on e.id = a.entry_id
          where e.posted_by <> pg_current_xact_id() or e.business_day <> a.business_day
        ) then
          raise exception 'a closed ledger entry takes no further posting'
            using errcode = 'integrity_constraint_violation';
        end if;
        if exists (
          select from added a
          join ledger_entry e on e.id = a.entry_id
          join ledger_account c on c.id = a.account_id
          where c.currency <> e.currency
        ) then
          raise exception 'a posting is in another currency than its entry'
            using errcode = 'integrity_constraint_violation';
        end if;
        return null;
      end $$`);
    await runner.query(`
      create trigger posting_in_own_transaction after insert on posting
      referencing new table as added
      for each statement execute function posting_joins_its_own_transaction()`);
    await runner.query(`
      create function ledger_entry_balances() returns trigger language plpgsql as $$
      declare
        total record;
      begin
        select count(*) as postings, coalesce(sum(debit_minor), 0) as debits, coalesce(sum(credit_minor), 0) as credits
          into total from posting where business_day = new.business_day and entry_id = new.id;
        if total.postings < 2 or total.debits <> total.credits then
          raise exception 'ledger entry % does not balance: % debit, % credit in % postings',
            new.id, total.debits, total.credits, total.postings
            using errcode = 'integrity_constraint_violation';
        end if;
        return null;
      end $$`);
    await runner.query(`
      create constraint trigger ledger_entry_is_balanced after insert on ledger_entry
      deferrable initially deferred
      for each row execute function ledger_entry_balances()`);
    await runner.query(`
      select make_append_only('ledger_entry'), make_append_only('posting'), make_append_only('ledger_account'),
             partition_by_month('posting', true)`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert', 'ledger_account'),
             grant_to('malipo_system', 'select, insert', 'ledger_entry'),
             grant_to('malipo_system', 'select, insert', 'posting')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table posting;
      drop table ledger_entry;
      drop table ledger_account;
      drop function ledger_entry_balances();
      drop function posting_joins_its_own_transaction();
      delete from partitioned_table where table_name = 'posting'`);
  }
}
