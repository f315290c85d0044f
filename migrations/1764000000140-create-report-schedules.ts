/**
 * Reports that are sent by e-mail: what, to whom, how often; and each of their sendings, which exists once for every day
 * that a schedule falls due on, so that two processes or a restart make no second one. What was sent stays on record when
 * its schedule is removed, so a schedule is only ever switched off.
 * Locks nothing that exists. Back: `down` drops both. Rules: product.md §8.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReportSchedules1764000000140 implements MigrationInterface {
  readonly name = 'CreateReportSchedules1764000000140';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table report_schedule (
        id uuid primary key,
        name text not null,
        report text not null,
        parameters jsonb not null,
        format text not null check (format in ('csv', 'xlsx', 'pdf')),
        recipients text[] not null check (cardinality(recipients) between 1 and 20),
        frequency text not null check (frequency in ('daily', 'weekly', 'monthly')),
        minute_of_day integer not null check (minute_of_day between 0 and 1439),
        language text not null check (language in ('en', 'sw')),
        owner text not null,
        party_id integer references party,
        created_at timestamptz not null default gateway_now(),
        removed_at timestamptz
      )`);
    await runner.query(`
      create unique index report_schedule_name_key on report_schedule (name) where removed_at is null`);
    await runner.query(`
      create table report_sending (
        schedule_id uuid not null references report_schedule,
        due_day date not null,
        first_day date not null,
        last_day date not null,
        state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
        attempt_count integer not null default 0,
        next_attempt_at timestamptz not null default gateway_now(),
        reason text not null default '',
        digest text,
        settled_at timestamptz,
        primary key (schedule_id, due_day),
        check ((state = 'waiting') = (settled_at is null)),
        check ((state = 'sent') = (digest is not null))
      )`);
    await runner.query(`
      create index report_sending_due on report_sending (next_attempt_at) where state = 'waiting'`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert, update', 'report_schedule'),
             grant_to('malipo_system', 'select, insert, update', 'report_sending')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table report_sending, report_schedule`);
  }
}
