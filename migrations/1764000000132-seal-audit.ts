/**
 * The chain of the audit trail. Each event knows its place: the transaction that wrote it, so that the sealer can tell
 * which events are final (those below the oldest transaction that still runs) without any further write of whoever
 * records one. Events are sealed in blocks, in the order of place and id. Numbers of transactions begin anew where a
 * backup is restored into another server: `align_audit_era` then starts an era above all places that there are.
 * Takes an exclusive lock on audit_event for the moment of adding a column with a constant for what exists; the index
 * reads the table once. Back: `down` drops the chain. Rules: security-reliability §3.8.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SealAudit1764000000132 implements MigrationInterface {
  readonly name = 'SealAudit1764000000132';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table audit_era (
        is_only boolean primary key default true check (is_only),
        server text not null,
        era integer not null
      )`);
    await runner.query(`
      insert into audit_era (server, era) select system_identifier::text, 0 from pg_control_system()`);
    await runner.query(`
      create function audit_place_base() returns bigint language sql immutable as $$ select 0::bigint $$`);
    await runner.query(`
      create function audit_place() returns bigint language sql stable as
      $$ select audit_place_base() + pg_current_xact_id()::text::bigint $$`);
    await runner.query(`
      create function audit_horizon() returns bigint language sql stable as
      $$ select audit_place_base() + pg_snapshot_xmin(pg_current_snapshot())::text::bigint $$`);
    // 2^48 transactions are more than any server lives to see.
    await runner.query(`
      create function align_audit_era() returns void language plpgsql as $$
      declare
        wanted bigint;
      begin
        update audit_era a set server = c.system_identifier::text, era = a.era + 1
          from pg_control_system() c where a.server <> c.system_identifier::text;
        select era::bigint << 48 into wanted from audit_era;
        if wanted <> audit_place_base() then
          execute format('create or replace function audit_place_base() returns bigint language sql immutable as
            $f$ select %s::bigint $f$', wanted);
        end if;
      end $$`);
    await runner.query(
      `alter table audit_event add column place bigint not null default audit_place()`,
    );
    // Costs whoever records an event nothing: it is brought up to date a range of pages at a time, by the server.
    await runner.query(`
      create index audit_event_by_place on audit_event using brin (place, id) with (autosummarize = on)`);
    await runner.query(`
      create table audit_block (
        sequence bigint primary key check (sequence > 0),
        previous_hash bytea not null check (length(previous_hash) = 32),
        root bytea not null check (length(root) = 32),
        event_count integer not null check (event_count > 0),
        last_place bigint not null,
        last_id bigint not null,
        sealed_at timestamptz not null,
        hash bytea not null check (length(hash) = 32),
        signature bytea not null,
        public_key bytea not null,
        constraint audit_block_end_key unique (last_place, last_id)
      )`);
    await runner.query(`create index audit_block_by_time on audit_block (sealed_at)`);
    await runner.query(`
      select make_append_only('audit_block'), grant_to('malipo_system', 'select, insert', 'audit_block'),
             grant_to('malipo_system', 'select', 'audit_era')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table audit_block;
      alter table audit_event drop column place;
      drop function align_audit_era();
      drop function audit_horizon();
      drop function audit_place();
      drop function audit_place_base();
      drop table audit_era`);
  }
}
