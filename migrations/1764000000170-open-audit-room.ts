/**
 * What auditors ask for and what came of it: verifications of the audit chain, of which one is open at a time; samples of
 * payments, which never change; runs of the daily control tests with a result for each control.
 * Locks nothing that exists. Back: `down` drops all. Rules: security-reliability §3.8.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OpenAuditRoom1764000000170 implements MigrationInterface {
  readonly name = 'OpenAuditRoom1764000000170';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table chain_check (
        id bigint generated always as identity primary key,
        requested_at timestamptz not null default gateway_now(),
        requested_by text not null,
        started_at timestamptz,
        finished_at timestamptz,
        last_block bigint not null default 0,
        last_hash bytea,
        checked_through bigint not null default 0,
        broken text[] not null default '{}',
        check (finished_at is null or (started_at is not null and checked_through = last_block))
      )`);
    await runner.query(`
      create unique index chain_check_open_once on chain_check ((true)) where finished_at is null`);
    await runner.query(`
      create table audit_sample (
        id uuid primary key,
        drawn_at timestamptz not null default gateway_now(),
        drawn_by text not null,
        seed text not null,
        from_day date not null,
        to_day date not null check (to_day >= from_day),
        psp_code text,
        sp_code text,
        population integer not null,
        payment_ids uuid[] not null
      )`);
    await runner.query(`create index audit_sample_by_time on audit_sample (drawn_at)`);
    await runner.query(`
      create table control_run (
        id bigint generated always as identity primary key,
        business_day date not null,
        requested_at timestamptz not null default gateway_now(),
        requested_by text not null,
        finished_at timestamptz
      )`);
    await runner.query(`create index control_run_by_day on control_run (business_day, id)`);
    await runner.query(`
      create unique index control_run_open_once on control_run ((true)) where finished_at is null`);
    await runner.query(`
      create table control_result (
        run_id bigint not null references control_run,
        control text not null,
        outcome text not null check (outcome in ('passed', 'failed', 'not-run')),
        count integer not null,
        keys text[] not null,
        ran_at timestamptz not null default gateway_now(),
        primary key (run_id, control)
      )`);
    await runner.query(`
      select make_append_only('audit_sample'), make_append_only('control_result'),
             grant_to('malipo_system', 'select, insert, update', 'chain_check'),
             grant_to('malipo_system', 'select, insert', 'audit_sample'),
             grant_to('malipo_system', 'select, insert, update', 'control_run'),
             grant_to('malipo_system', 'select, insert', 'control_result')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table control_result, control_run, audit_sample, chain_check`);
  }
}
