/**
 * A payment changes a bill's state, sums and version. As long as no index asks for any of them, PostgreSQL writes the
 * new row beside the old one and touches no index (HOT); two partial indexes on `state` made each payment write an entry
 * into all eleven. So what is past its time is found by its time alone and a mark of how far that has gone, and the few
 * bills that are partly paid stand in a table of their own. A seventh of each page is kept free for the new row.
 * Locks `bill` against writes while the indexes are built, about five seconds for a million rows. Back: `down`.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MoveBillsInPlace1764000000201 implements MigrationInterface {
  readonly name = 'MoveBillsInPlace1764000000201';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index bill_expiring, bill_in_rare_state`);
    await runner.query(`alter table bill set (fillfactor = 86)`);
    await runner.query(`alter table bill_item set (fillfactor = 86)`);
    await runner.query(`create index bill_by_expiry on bill (expires_at, id)`);
    await runner.query(`create index bill_cancelled on bill (id) where cancelled_at is not null`);
    await runner.query(`
      create table bill_expiry_mark (
        is_only boolean primary key default true check (is_only),
        expires_at timestamptz not null default '-infinity',
        id uuid not null default '00000000-0000-0000-0000-000000000000'
      )`);
    await runner.query(`insert into bill_expiry_mark default values`);
    await runner.query(`select grant_to('malipo_system', 'select, update', 'bill_expiry_mark')`);
    await runner.query(`create table partly_paid_bill (bill_id uuid primary key)`);
    await runner.query(
      `insert into partly_paid_bill select id from bill where state = 'partly-paid'`,
    );
    await runner.query(`select grant_to('malipo_system', 'select', 'partly_paid_bill')`);
    // The rows follow the bills, whoever moves them.
    await runner.query(`
      create function bill_is_partly_paid() returns trigger language plpgsql
        security definer set search_path = public as $$
      begin
        if new.state = 'partly-paid' then
          insert into partly_paid_bill values (new.id) on conflict do nothing;
        else
          delete from partly_paid_bill where bill_id = new.id;
        end if;
        return null;
      end $$`);
    await runner.query(`
      create trigger bill_becomes_partly_paid after update of state on bill
        for each row when (old.state <> new.state and 'partly-paid' in (old.state, new.state))
        execute function bill_is_partly_paid()`);
    await runner.query(`
      create trigger bill_begins_partly_paid after insert on bill
        for each row when (new.state = 'partly-paid') execute function bill_is_partly_paid()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop trigger bill_begins_partly_paid on bill`);
    await runner.query(`drop trigger bill_becomes_partly_paid on bill`);
    await runner.query(`drop function bill_is_partly_paid`);
    await runner.query(`drop table partly_paid_bill, bill_expiry_mark`);
    await runner.query(`drop index bill_by_expiry, bill_cancelled`);
    await runner.query(`alter table bill reset (fillfactor)`);
    await runner.query(`alter table bill_item reset (fillfactor)`);
    await runner.query(
      `create index bill_expiring on bill (expires_at) where state in ('open', 'partly-paid')`,
    );
    await runner.query(`
      create index bill_in_rare_state on bill (state, id)
       where state in ('partly-paid', 'cancelled', 'expired')`);
  }
}
