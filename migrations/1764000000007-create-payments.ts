/**
 * The message journal, the gate that makes every notification count once, and the money taken.
 * `payment_notification` holds each answer for ever; `payment` holds only money taken and never changes.
 * Locks nothing that exists. Back: `down` drops all. Rules: rulings.md §1, §2, §8; security-reliability §3.2.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePayments1764000000007 implements MigrationInterface {
  readonly name = 'CreatePayments1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table inbound_message (
        id uuid not null,
        received_at timestamptz not null default gateway_now(),
        party_id integer not null references party,
        path text not null,
        message_name text not null,
        headers jsonb not null,
        body bytea not null,
        body_digest bytea not null,
        signature_digest text not null,
        signature_candidate text not null,
        certificate_fingerprint text not null,
        status_code text not null,
        flags text[] not null default '{}',
        primary key (received_at, id)
      ) partition by range (received_at)`);
    await runner.query(`create index inbound_message_by_id on inbound_message (id)`);
    await runner.query(`
      select make_append_only('inbound_message'), partition_by_month('inbound_message', true)`);
    await runner.query(`create sequence receipt_sequence`);
    await runner.query(`
      create table payment (
        id uuid primary key,
        psp_id integer not null references party,
        psp_transaction_id text not null,
        receipt_number text not null constraint payment_receipt_number_key unique,
        destination text not null check (destination in ('bill', 'suspense')),
        control_number text not null,
        amount_minor bigint not null check (amount_minor > 0),
        currency text not null check (currency in ('TZS', 'USD')),
        collection_account text not null,
        channel text not null,
        payer_name text not null,
        payer_phone text not null,
        payer_email text not null,
        psp_reference text not null,
        paid_at timestamptz not null,
        received_at timestamptz not null,
        business_day date not null,
        constraint payment_psp_transaction_key unique (psp_id, psp_transaction_id),
        check (business_day = business_day_of(received_at))
      )`);
    await runner.query(`create index payment_by_day on payment (psp_id, business_day)`);
    await runner.query(`create index payment_by_control_number on payment (control_number)`);
    await runner.query(`
      create table payment_allocation (
        payment_id uuid not null references payment,
        bill_id uuid not null references bill,
        sp_id integer not null references party,
        principal_minor bigint not null check (principal_minor >= 0),
        surplus_minor bigint not null check (surplus_minor >= 0),
        cover_number integer,
        bill_version integer not null,
        primary key (payment_id, bill_id),
        constraint payment_allocation_cover_key unique (bill_id, cover_number)
      )`);
    await runner.query(
      `create index payment_allocation_by_sp on payment_allocation (sp_id, payment_id)`,
    );
    await runner.query(`
      create table payment_notification (
        id uuid primary key,
        psp_id integer not null references party,
        psp_transaction_id text not null,
        control_number text not null,
        amount_minor bigint not null,
        currency text not null,
        outcome text not null check (outcome in ('taken', 'suspense', 'refused')),
        status_code text not null,
        reason text,
        payment_id uuid references payment,
        bill_id uuid references bill,
        message_id uuid not null,
        received_at timestamptz not null default gateway_now(),
        business_day date not null default business_day_of(gateway_now()),
        paid_at timestamptz not null,
        flags text[] not null default '{}',
        result_queued_at timestamptz,
        constraint payment_notification_key unique (psp_id, psp_transaction_id),
        check ((outcome = 'refused') = (payment_id is null))
      )`);
    await runner.query(`
      create index payment_notification_by_day on payment_notification (psp_id, business_day)`);
    await runner.query(`
      select make_append_only('payment'), make_append_only('payment_allocation')`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert', 'inbound_message'),
             grant_to('malipo_system', 'usage, select', 'receipt_sequence'),
             grant_to('malipo_system', 'select, insert', 'payment'),
             grant_to('malipo_system', 'select, insert', 'payment_allocation'),
             grant_to('malipo_system', 'select, insert, update', 'payment_notification'),
             grant_to('malipo_tenant', 'select', 'payment'),
             grant_to('malipo_tenant', 'select', 'payment_allocation')`);
    await runner.query(`
      do $$
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          alter table payment_allocation enable row level security;
          alter table payment enable row level security;
          create policy payment_allocation_system on payment_allocation to malipo_system using (true) with check (true);
          create policy payment_system on payment to malipo_system using (true) with check (true);
          create policy payment_allocation_of_party on payment_allocation to malipo_tenant
            using (sp_id = nullif(current_setting('malipo.party', true), '')::integer);
          create policy payment_of_party on payment to malipo_tenant
            using (exists (select from payment_allocation a where a.payment_id = id));
        end if;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table payment_notification, payment_allocation, payment;
      drop sequence receipt_sequence;
      drop table inbound_message;
      delete from partitioned_table where table_name = 'inbound_message'`);
  }
}
