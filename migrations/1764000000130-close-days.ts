/**
 * Days that are closed: nothing that carries a closed day, or one before it, is added or changed any more, whoever asks.
 * Who writes for a day holds its lock in common with others, and who closes it holds it alone: what is under way ends
 * before the day is closed. An entry that comes late belongs to the open day and names the day that it is about. Takes
 * an exclusive lock on ledger_entry for the moment of adding an empty column. Back: `down` opens all days again. Rules:
 * rulings.md §6; product.md §7 (close of day).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables whose rows carry the business day that they belong to. */
const dated = ['posting', 'payment', 'reconciliation_run', 'discrepancy'];

export class CloseDays1764000000130 implements MigrationInterface {
  readonly name = 'CloseDays1764000000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table closed_day (
        day date primary key,
        closed_at timestamptz not null default gateway_now(),
        check (day < business_day_of(closed_at))
      )`);
    await runner.query(`
      select make_append_only('closed_day'), grant_to('malipo_system', 'select, insert', 'closed_day'),
             grant_to('malipo_tenant', 'select', 'closed_day')`);
    await runner.query(`
      create function hold_day(day date) returns void language sql as
      $$ select pg_advisory_xact_lock(7420, day - date '2000-01-01') $$`);
    // The days in ascending order. The lock first: what is read after it was got includes the closing that it waited for.
    await runner.query(`
      create function refuse_days(days date[]) returns void language plpgsql as $$
      declare
        each_day date;
        last_closed date;
      begin
        foreach each_day in array days loop
          perform pg_advisory_xact_lock_shared(7420, each_day - date '2000-01-01');
        end loop;
        select max(c.day) into last_closed from closed_day c;
        if last_closed >= days[1] then
          raise exception 'the books are closed up to and including %', last_closed
            using errcode = 'integrity_constraint_violation';
        end if;
      end $$`);
    await runner.query(`
      create function refuse_added_days() returns trigger language plpgsql as $$
      begin
        perform refuse_days(array(select distinct business_day from added order by business_day));
        return null;
      end $$`);
    await runner.query(`
      create function refuse_changed_days() returns trigger language plpgsql as $$
      begin
        perform refuse_days(array(select business_day from removed union select business_day from added order by 1));
        return null;
      end $$`);
    await runner.query(`
      create function refuse_days_of_runs() returns trigger language plpgsql as $$
      begin
        perform refuse_days(array(
          select distinct r.business_day from (select distinct run_id from added) a
            join reconciliation_run r on r.id = a.run_id order by r.business_day));
        return null;
      end $$`);
    for (const table of dated) {
      await runner.query(`
        create trigger ${table}_in_open_day after insert on ${table} referencing new table as added
        for each statement execute function refuse_added_days()`);
    }
    for (const table of ['reconciliation_run', 'discrepancy']) {
      await runner.query(`
        create trigger ${table}_stays_in_open_day after update on ${table}
        referencing old table as removed new table as added
        for each statement execute function refuse_changed_days()`);
    }
    await runner.query(`
      create trigger match_in_open_day after insert on match referencing new table as added
      for each statement execute function refuse_days_of_runs()`);
    await runner.query(`alter table ledger_entry add column refers_to_day date`);
    await runner.query(`
      alter table ledger_entry add constraint ledger_entry_refers_back check (refers_to_day < business_day)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table ledger_entry drop column refers_to_day`);
    await runner.query(`drop trigger match_in_open_day on match`);
    for (const table of ['reconciliation_run', 'discrepancy'])
      await runner.query(`drop trigger ${table}_stays_in_open_day on ${table}`);
    for (const table of dated) await runner.query(`drop trigger ${table}_in_open_day on ${table}`);
    await runner.query(`
      drop function refuse_days_of_runs();
      drop function refuse_changed_days();
      drop function refuse_added_days();
      drop function refuse_days(date[]);
      drop function hold_day(date);
      drop table closed_day`);
  }
}
