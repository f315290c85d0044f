/**
 * Combined bills: several bills of several institutions, payable together by one number. A number stands for a bill or
 * for a group; an allocation keeps the account that its part of the money landed on, since each part has its own.
 * Locks bill, control_number and payment_allocation for a moment. Back: `down` drops it, without the groups' numbers.
 * Rules: gepg-decisions.md C11; rulings.md §8; gepg-protocol.md §3.8.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateBillGroups1764000000011 implements MigrationInterface {
  readonly name = 'CreateBillGroups1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table bill_group (
        id uuid primary key,
        sp_id integer not null references party,
        code text not null,
        sp_group_bill_id text not null,
        control_number text not null references control_number deferrable initially deferred,
        system_id text not null,
        form text not null check (form in ('gepg-v4', 'gepg-v5', 'json')),
        content_digest bytea not null,
        created_at timestamptz not null default gateway_now(),
        constraint bill_group_sp_key unique (sp_id, sp_group_bill_id)
      )`);
    await runner.query(`
      alter table bill
        add column group_id uuid references bill_group deferrable initially deferred,
        add column group_position integer not null default 1`);
    await runner.query(`create index bill_by_group on bill (group_id) where group_id is not null`);
    await runner.query(`
      alter table control_number
        add column group_id uuid references bill_group deferrable initially deferred,
        add check (bill_id is null or group_id is null)`);
    await runner.query(`
      alter table payment_allocation add column collection_account text not null default ''`);
    await runner.query(`select grant_to('malipo_system', 'select, insert', 'bill_group')`);
    await runner.query(`select grant_to('malipo_tenant', 'select', 'bill_group')`);
    await runner.query(`
      do $$
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          alter table bill_group enable row level security;
          create policy bill_group_system on bill_group to malipo_system using (true) with check (true);
          create policy bill_group_of_party on bill_group to malipo_tenant
            using (sp_id = nullif(current_setting('malipo.party', true), '')::integer);
        end if;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table payment_allocation drop column collection_account;
      alter table control_number drop column group_id;
      alter table bill drop column group_id, drop column group_position;
      drop table bill_group`);
  }
}
