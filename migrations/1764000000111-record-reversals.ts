/**
 * What officers do to payments, whose rows never change: payments that they record from a statement, since no
 * notification of the PSP came or it was refused; and what was taken back of a payment, whole or in part, bill by bill.
 * A gate row of a recorded payment names no message. Drops a `not null`, else locks nothing that exists. Back: `down`
 * drops the tables; recorded payments keep their gate rows, of a message that is not there.
 * Rules: product.md §4, rulings.md §8 (cover number; officer-recorded late payments).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RecordReversals1764000000111 implements MigrationInterface {
  readonly name = 'RecordReversals1764000000111';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table payment_notification alter column message_id drop not null`);
    await runner.query(`
      create table payment_recording (
        payment_id uuid primary key references payment,
        reason text not null,
        requested_by text not null,
        approved_by text not null check (approved_by <> requested_by),
        recorded_at timestamptz not null default gateway_now()
      )`);
    await runner.query(`
      create table payment_reversal (
        id uuid primary key,
        payment_id uuid not null references payment,
        kind text not null check (kind in ('reversal', 'correction')),
        amount_minor bigint not null check (amount_minor > 0),
        is_settled boolean not null,
        reason text not null,
        requested_by text not null,
        approved_by text not null check (approved_by <> requested_by),
        reversed_at timestamptz not null default gateway_now(),
        business_day date not null default business_day_of(gateway_now())
      )`);
    await runner.query(`
      create unique index payment_reversal_whole_key on payment_reversal (payment_id) where kind = 'reversal'`);
    await runner.query(`create index payment_reversal_by_payment on payment_reversal (payment_id)`);
    await runner.query(`
      create table payment_reversal_part (
        reversal_id uuid not null references payment_reversal,
        bill_id uuid not null references bill,
        sp_id integer not null references party,
        principal_minor bigint not null check (principal_minor >= 0),
        surplus_minor bigint not null check (surplus_minor >= 0),
        uncovers boolean not null,
        bill_version integer not null,
        primary key (reversal_id, bill_id)
      )`);
    await runner.query(`
      create index payment_reversal_part_by_bill on payment_reversal_part (bill_id)`);
    await runner.query(`
      alter table reversal_request
        drop constraint reversal_request_state_check,
        add constraint reversal_request_state_check check (state in ('requested', 'approved', 'declined')),
        add column decided_by text,
        add column decided_at timestamptz,
        add column decision text`);
    for (const table of ['payment_recording', 'payment_reversal', 'payment_reversal_part']) {
      await runner.query(`select make_append_only($1)`, [table]);
      await runner.query(`select grant_to('malipo_system', 'select, insert', $1)`, [table]);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update reversal_request set state = 'requested';
      alter table reversal_request
        drop constraint reversal_request_state_check,
        add constraint reversal_request_state_check check (state in ('requested')),
        drop column decided_by, drop column decided_at, drop column decision;
      drop table payment_reversal_part, payment_reversal, payment_recording;
      update payment_notification set message_id = payment_id where message_id is null;
      alter table payment_notification alter column message_id set not null`);
  }
}
