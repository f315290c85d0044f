/**
 * The audit trail (who did what to which subject, written in the same transaction as the deed) and the alarms.
 * Locks nothing that exists. Back: `down` drops both tables. Rules: architecture.md §2.11, rulings.md §10.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAuditAndAlarms1764000000002 implements MigrationInterface {
  readonly name = 'CreateAuditAndAlarms1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create sequence audit_event_id_seq`);
    await runner.query(`
      create table audit_event (
        id bigint not null default nextval('audit_event_id_seq'),
        occurred_at timestamptz not null default gateway_now(),
        actor text not null,
        action text not null,
        subject text not null,
        detail jsonb not null default '{}',
        primary key (occurred_at, id)
      ) partition by range (occurred_at)`);
    await runner.query(`create index audit_event_by_subject on audit_event (subject, occurred_at)`);
    await runner.query(
      `select make_append_only('audit_event'), partition_by_month('audit_event', true)`,
    );
    await runner.query(`
      create table alarm (
        id bigint generated always as identity primary key,
        kind text not null,
        subject text not null,
        detail text not null,
        opened_at timestamptz not null default gateway_now(),
        acknowledged_at timestamptz,
        acknowledged_by text
      )`);
    // One open alarm per kind and subject: a repeating fault is one alarm, not a flood.
    await runner.query(`
      create unique index alarm_open_once on alarm (kind, subject) where acknowledged_at is null`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert', 'audit_event'),
             grant_to('malipo_system', 'usage', 'audit_event_id_seq'),
             grant_to('malipo_system', 'select, insert, update', 'alarm')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table alarm;
      drop table audit_event;
      drop sequence audit_event_id_seq;
      delete from partitioned_table where table_name = 'audit_event'`);
  }
}
