/**
 * Requests of PSPs to reverse a payment, which wait for an officer. Once for each payment and reason.
 * Locks nothing that exists. Back: `down` drops the table. Rules: product.md §4 (reversal only by approval).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReversalRequests1764000000065 implements MigrationInterface {
  readonly name = 'CreateReversalRequests1764000000065';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table reversal_request (
        id uuid primary key,
        psp_id integer not null references party,
        payment_id uuid not null references payment,
        psp_transaction_id text not null,
        receipt_number text not null,
        reason text not null check (reason in ('wrong-number', 'wrong-amount')),
        note text not null,
        intended_control_number text,
        intended_amount_minor bigint check (intended_amount_minor >= 0),
        state text not null default 'requested' check (state in ('requested')),
        requested_at timestamptz not null default gateway_now(),
        constraint reversal_request_key unique (payment_id, reason)
      )`);
    await runner.query(`create index reversal_request_by_psp on reversal_request (psp_id, id)`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert, update', 'reversal_request'),
             grant_to('malipo_tenant', 'select', 'reversal_request')`);
    await runner.query(`
      do $$
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          alter table reversal_request enable row level security;
          create policy reversal_request_system on reversal_request to malipo_system using (true) with check (true);
          create policy reversal_request_of_party on reversal_request to malipo_tenant
            using (psp_id = nullif(current_setting('malipo.party', true), '')::integer);
        end if;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table reversal_request`);
  }
}
