/**
 * How often a PSP asked for the status of a notification, and the early notices of payments made online.
 * Locks payment_notification for a moment (new columns without a rewrite). Back: `down` drops both.
 * Rules: security-reliability §3.4 (storm guard); gepg-protocol.md §1.5.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CountStatusQuestions1764000000022 implements MigrationInterface {
  readonly name = 'CountStatusQuestions1764000000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table payment_notification
        add column status_asked_at timestamptz,
        add column status_asked_count integer not null default 0,
        add column status_hour_began_at timestamptz`);
    await runner.query(`
      create table payment_announcement (
        id uuid primary key,
        psp_id integer not null references party,
        psp_transaction_id text not null,
        control_number text not null,
        amount_minor bigint not null check (amount_minor > 0),
        currency text not null check (currency in ('TZS', 'USD')),
        paid_at timestamptz not null,
        announced_at timestamptz not null default gateway_now(),
        constraint payment_announcement_key unique (psp_id, psp_transaction_id)
      )`);
    await runner.query(`select make_append_only('payment_announcement')`);
    await runner.query(
      `select grant_to('malipo_system', 'select, insert', 'payment_announcement')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table payment_announcement;
      alter table payment_notification
        drop column status_asked_at, drop column status_asked_count, drop column status_hour_began_at`);
  }
}
