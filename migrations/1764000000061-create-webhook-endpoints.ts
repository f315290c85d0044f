/**
 * Where parties want their events pushed, after the Standard Webhooks specification, and the secrets they are signed
 * with. Removed endpoints stay: deliveries under way are still signed. Locks nothing that exists. Back: `down` drops both.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateWebhookEndpoints1764000000061 implements MigrationInterface {
  readonly name = 'CreateWebhookEndpoints1764000000061';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table webhook_endpoint (
        id uuid primary key,
        party_id integer not null references party,
        url text not null,
        event_types text[] not null,
        created_at timestamptz not null default gateway_now(),
        removed_at timestamptz
      )`);
    await runner.query(
      `create index webhook_endpoint_by_party on webhook_endpoint (party_id) where removed_at is null`,
    );
    await runner.query(`
      create table webhook_secret (
        id bigint generated always as identity primary key,
        endpoint_id uuid not null references webhook_endpoint,
        secret bytea not null check (length(secret) between 24 and 64),
        created_at timestamptz not null default gateway_now(),
        ends_at timestamptz
      )`);
    await runner.query(`create index webhook_secret_by_endpoint on webhook_secret (endpoint_id)`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert, update', 'webhook_endpoint'),
             grant_to('malipo_system', 'select, insert, update', 'webhook_secret'),
             grant_to('malipo_tenant', 'select', 'webhook_endpoint')`);
    await runner.query(`
      do $$
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          alter table webhook_endpoint enable row level security;
          create policy webhook_endpoint_system on webhook_endpoint to malipo_system using (true) with check (true);
          create policy webhook_endpoint_of_party on webhook_endpoint to malipo_tenant
            using (party_id = nullif(current_setting('malipo.party', true), '')::integer);
        end if;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table webhook_secret, webhook_endpoint`);
  }
}
