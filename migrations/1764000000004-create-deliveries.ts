/**
 * The outbox: one row per message owed, and every try at it. The row holds plain data in the transaction that owes it;
 * body bytes are fixed at the first encoding (rulings.md §5). Locks nothing that exists. Back: `down` drops both.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDeliveries1764000000004 implements MigrationInterface {
  readonly name = 'CreateDeliveries1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create sequence delivery_id_seq`);
    await runner.query(`
      create table delivery (
        id bigint not null default nextval('delivery_id_seq'),
        created_at timestamptz not null default gateway_now(),
        recipient_id integer not null references party,
        kind text not null,
        subject text not null,
        message jsonb not null,
        url text,
        state text not null default 'ready' check (state in ('ready', 'leased', 'delivered', 'parked')),
        attempt_count integer not null default 0,
        next_attempt_at timestamptz not null default gateway_now(),
        lease_until timestamptz,
        body bytea,
        settled_at timestamptz,
        last_outcome text,
        flags text[] not null default '{}',
        primary key (created_at, id)
      ) partition by range (created_at) `);
    await runner.query(`
      create index delivery_due on delivery (recipient_id, next_attempt_at, id) where state in ('ready', 'leased')`);
    await runner.query(`create index delivery_by_subject on delivery (subject, id)`);
    await runner.query(`create sequence delivery_attempt_id_seq`);
    await runner.query(`
      create table delivery_attempt (
        id bigint not null default nextval('delivery_attempt_id_seq'),
        started_at timestamptz not null,
        delivery_id bigint not null,
        attempt integer not null,
        duration_ms integer not null,
        http_status integer,
        outcome text not null,
        answer bytea,
        primary key (started_at, id)
      ) partition by range (started_at)`);
    await runner.query(
      `create index delivery_attempt_by_delivery on delivery_attempt (delivery_id, attempt)`,
    );
    await runner.query(`
      select make_append_only('delivery_attempt'),
             partition_by_month('delivery', false), partition_by_month('delivery_attempt', true)`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert, update', 'delivery'),
             grant_to('malipo_system', 'usage', 'delivery_id_seq'),
             grant_to('malipo_system', 'select, insert', 'delivery_attempt'),
             grant_to('malipo_system', 'usage', 'delivery_attempt_id_seq')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table delivery_attempt;
      drop table delivery;
      drop sequence delivery_attempt_id_seq;
      drop sequence delivery_id_seq;
      delete from partitioned_table where table_name in ('delivery', 'delivery_attempt')`);
  }
}
