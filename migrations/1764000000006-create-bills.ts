/**
 * Bills, their items, and the control numbers they are paid by. A number is unique for ever and points at the bill
 * that it currently stands for. Locks nothing that exists. Back: `down` drops all. Rules: product.md §2, §3.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateBills1764000000006 implements MigrationInterface {
  readonly name = 'CreateBills1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table bill (
        id uuid primary key,
        sp_id integer not null references party,
        sp_bill_id text not null,
        control_number text not null,
        state text not null default 'open' check (state in ('open', 'partly-paid', 'paid', 'cancelled', 'expired')),
        payment_option text not null check (payment_option in ('full', 'partial', 'exact', 'limited')),
        currency text not null check (currency in ('TZS', 'USD')),
        amount_minor bigint not null check (amount_minor > 0),
        misc_amount_minor bigint not null default 0 check (misc_amount_minor >= 0),
        minimum_minor bigint not null check (minimum_minor > 0),
        limit_minor bigint check (limit_minor > 0),
        paid_minor bigint not null default 0 check (paid_minor >= 0),
        surplus_minor bigint not null default 0 check (surplus_minor >= 0),
        cover_number integer not null default 0,
        version integer not null default 1,
        generated_at timestamptz not null,
        expires_at timestamptz not null,
        payer_id text not null,
        payer_name text not null,
        payer_phone text not null,
        payer_email text not null,
        description text not null,
        generated_by text not null,
        approved_by text not null,
        sub_sp_code text not null,
        system_id text not null,
        content_digest bytea not null,
        created_at timestamptz not null default gateway_now(),
        cancelled_at timestamptz,
        cancel_reason text,
        constraint bill_sp_bill_id_key unique (sp_id, sp_bill_id),
        check (state <> 'paid' or paid_minor >= amount_minor or limit_minor is not null)
      )`);
    await runner.query(`create index bill_by_control_number on bill (control_number)`);
    await runner.query(`
      create index bill_expiring on bill (expires_at) where state in ('open', 'partly-paid')`);
    await runner.query(`
      create table bill_item (
        bill_id uuid not null references bill,
        position integer not null,
        reference text not null,
        pays_by_reference boolean not null,
        gfs_code text not null,
        amount_minor bigint not null check (amount_minor > 0),
        misc_amount_minor bigint not null default 0 check (misc_amount_minor >= 0),
        paid_minor bigint not null default 0 check (paid_minor >= 0),
        primary key (bill_id, position)
      )`);
    await runner.query(`
      create table control_number (
        number text primary key check (number ~ '^99[0-9]{10}$'),
        sp_id integer not null references party,
        bill_id uuid not null references bill deferrable initially deferred,
        issued_at timestamptz not null default gateway_now()
      )`);
    await runner.query(`
      alter table bill add constraint bill_control_number_fkey
        foreign key (control_number) references control_number deferrable initially deferred`);
    for (const table of ['bill', 'bill_item', 'control_number']) {
      await runner.query(`select grant_to('malipo_system', 'select, insert, update', $1)`, [table]);
      await runner.query(`select grant_to('malipo_tenant', 'select', $1)`, [table]);
    }
    // The tenant role sees one institution's rows, named by a setting of the transaction; the system role sees all.
    await runner.query(`
      do $$
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          alter table bill enable row level security;
          alter table bill_item enable row level security;
          alter table control_number enable row level security;
          create policy bill_system on bill to malipo_system using (true) with check (true);
          create policy bill_item_system on bill_item to malipo_system using (true) with check (true);
          create policy control_number_system on control_number to malipo_system using (true) with check (true);
          create policy bill_of_party on bill to malipo_tenant
            using (sp_id = nullif(current_setting('malipo.party', true), '')::integer);
          create policy bill_item_of_party on bill_item to malipo_tenant
            using (exists (select from bill b where b.id = bill_id));
          create policy control_number_of_party on control_number to malipo_tenant
            using (sp_id = nullif(current_setting('malipo.party', true), '')::integer);
        end if;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table bill drop constraint bill_control_number_fkey;
      drop table control_number, bill_item;
      drop table bill`);
  }
}
