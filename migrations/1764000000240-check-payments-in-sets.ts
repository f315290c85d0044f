/**
 * What a payment's rows are checked by, a statement's rows at a time instead of one by one. An entry comes with all its
 * postings in one statement, which balance by themselves: before, each entry was added up once more at the commit, so that
 * now a statement too few or too many is refused where it stands. That a posting has its entry, and an allocation or a
 * gate row its payment, was a foreign key, which looked up and locked the row in front of it for each row; entries and
 * payments never change nor go, so it is enough to look when a row comes. Of the 251 µs that PostgreSQL spent on a payment
 * these took about 60 (docs/performance.md).
 * Locks the tables for the moment of the change. Back: `down` checks every row again. Rules: security-reliability D2.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Nested loops over indexes: the plan is kept, and may be made while the tables are small (performance.md §3). */
const byIndex = `set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off`;

const ofPayments = ['payment_allocation', 'payment_notification'] as const;

export class CheckPaymentsInSets1764000000240 implements MigrationInterface {
  readonly name = 'CheckPaymentsInSets1764000000240';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function posting_joins_its_own_transaction() returns trigger language plpgsql ${byIndex} as $$
      declare
        wrong record;
      begin
        select a.entry_id, count(*) as postings, sum(a.debit_minor) as debits, sum(a.credit_minor) as credits,
               bool_and(coalesce(e.posted_by = pg_current_xact_id() and e.business_day = a.business_day, false)) as is_own,
               bool_and(coalesce(c.currency = e.currency, false)) as is_of_currency
          into wrong
          from added a
          left join ledger_entry e on e.id = a.entry_id
          left join ledger_account c on c.id = a.account_id
         group by a.entry_id
        having count(*) < 2 or sum(a.debit_minor) <> sum(a.credit_minor)
            or not bool_and(coalesce(e.posted_by = pg_current_xact_id() and e.business_day = a.business_day, false))
            or not bool_and(coalesce(c.currency = e.currency, false))
         limit 1;
        if not found then return null; end if;
        if not wrong.is_own then
          raise exception 'a closed ledger entry takes no further posting'
            using errcode = 'integrity_constraint_violation';
        end if;
        if not wrong.is_of_currency then
          raise exception 'a posting is in another currency than its entry'
            using errcode = 'integrity_constraint_violation';
        end if;
        raise exception 'ledger entry % does not balance: % debit, % credit in % postings',
          wrong.entry_id, wrong.debits, wrong.credits, wrong.postings
          using errcode = 'integrity_constraint_violation';
      end $$`);
    await runner.query(`drop trigger ledger_entry_is_balanced on ledger_entry`);
    await runner.query(`drop function ledger_entry_balances()`);
    await runner.query(`
      create function ledger_entry_has_postings() returns trigger language plpgsql ${byIndex} as $$
      declare
        bare uuid;
      begin
        select a.id into bare from added a
         where not exists (select from posting p where p.business_day = a.business_day and p.entry_id = a.id)
         limit 1;
        if found then
          raise exception 'ledger entry % does not balance: it came without its postings', bare
            using errcode = 'integrity_constraint_violation';
        end if;
        return null;
      end $$`);
    await runner.query(`
      create trigger ledger_entry_is_posted after insert on ledger_entry referencing new table as added
      for each statement execute function ledger_entry_has_postings()`);
    await runner.query(`alter table posting drop constraint posting_entry_id_fkey`);

    await runner.query(`
      create function refuse_unpaid() returns trigger language plpgsql ${byIndex} as $$
      begin
        if exists (select from added a
                    where a.payment_id is not null and not exists (select from payment p where p.id = a.payment_id)) then
          raise exception '% names a payment that is not there', tg_table_name using errcode = 'foreign_key_violation';
        end if;
        return null;
      end $$`);
    for (const table of ofPayments) {
      await runner.query(`
        create trigger ${table}_of_payment after insert on ${table} referencing new table as added
        for each statement execute function refuse_unpaid()`);
      await runner.query(`alter table ${table} drop constraint ${table}_payment_id_fkey`);
    }
    await runner.query(`
      create trigger payment_notification_stays before update of payment_id on payment_notification
      for each row execute function refuse_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop trigger payment_notification_stays on payment_notification`);
    for (const table of ofPayments) {
      await runner.query(`alter table ${table} add foreign key (payment_id) references payment`);
      await runner.query(`drop trigger ${table}_of_payment on ${table}`);
    }
    await runner.query(`drop function refuse_unpaid()`);
    await runner.query(`alter table posting add foreign key (entry_id) references ledger_entry`);
    await runner.query(`drop trigger ledger_entry_is_posted on ledger_entry`);
    await runner.query(`drop function ledger_entry_has_postings()`);
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
      create or replace function posting_joins_its_own_transaction() returns trigger language plpgsql as $$
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
  }
}
