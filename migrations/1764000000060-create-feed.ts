/**
 * The gap-free feed of each party: events wait in unsealed_event, written where they arise, until the sealer gives them
 * numbers in feed_event. feed_head holds a party's last number, its digest, and what the party acknowledged.
 * Confirmations owed before the feed existed become its first events. Locks nothing for long: delivery is only read.
 * Back: `down` drops all three. Rules: rulings.md §5 (numbers by a sealer after the commit, events for ever).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateFeed1764000000060 implements MigrationInterface {
  readonly name = 'CreateFeed1764000000060';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table unsealed_event (
        id bigint generated always as identity primary key,
        party_id integer not null references party,
        event_id text not null,
        type text not null,
        subject text not null,
        data jsonb not null,
        occurred_at timestamptz not null default gateway_now(),
        constraint unsealed_event_key unique (party_id, event_id)
      )`);
    await runner.query(`
      create table feed_event (
        party_id integer not null references party,
        sequence bigint not null check (sequence > 0),
        event_id text not null,
        type text not null,
        subject text not null,
        occurred_at timestamptz not null,
        sealed_at timestamptz not null default gateway_now(),
        content text not null,
        digest bytea not null check (length(digest) = 32),
        primary key (party_id, sequence),
        constraint feed_event_key unique (party_id, event_id)
      )`);
    await runner.query(
      `create index feed_event_by_subject on feed_event (party_id, subject, sequence)`,
    );
    await runner.query(`
      create table feed_head (
        party_id integer primary key references party,
        last_sequence bigint not null,
        digest bytea not null check (length(digest) = 32),
        acknowledged_sequence bigint not null default 0,
        acknowledged_at timestamptz,
        check (acknowledged_sequence between 0 and last_sequence)
      )`);
    await runner.query(`
      insert into unsealed_event (party_id, event_id, type, subject, data, occurred_at)
      select recipient_id, 'evt_' || (message ->> 'paymentId'), 'payment.confirmed', subject,
             message - 'kind' - 'form' || jsonb_build_object('amount', (
               select sum((part ->> 'paidAmount')::numeric)::text from jsonb_array_elements(message -> 'parts') part)),
             created_at
        from delivery where kind = 'payment-confirmed' order by id
      on conflict do nothing`);
    await runner.query(`
      select make_append_only('feed_event'),
             grant_to('malipo_system', 'select, insert, delete', 'unsealed_event'),
             grant_to('malipo_system', 'select, insert', 'feed_event'),
             grant_to('malipo_system', 'select, insert, update', 'feed_head'),
             grant_to('malipo_tenant', 'select', 'feed_event'),
             grant_to('malipo_tenant', 'select', 'feed_head')`);
    await runner.query(`
      do $$
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          alter table feed_event enable row level security;
          alter table feed_head enable row level security;
          create policy feed_event_system on feed_event to malipo_system using (true) with check (true);
          create policy feed_head_system on feed_head to malipo_system using (true) with check (true);
          create policy feed_event_of_party on feed_event to malipo_tenant
            using (party_id = nullif(current_setting('malipo.party', true), '')::integer);
          create policy feed_head_of_party on feed_head to malipo_tenant
            using (party_id = nullif(current_setting('malipo.party', true), '')::integer);
        end if;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table feed_head, feed_event, unsealed_event`);
  }
}
