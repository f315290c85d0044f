/**
 * Refunds that two officers approved, and the batches of instructions to the bank that pay them, one file each. A bank
 * debit is found to be a refund by its end-to-end id. Locks nothing that exists. Back: `down` drops both tables.
 * Rules: rulings.md §8 (refund-payable).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRefunds1764000000112 implements MigrationInterface {
  readonly name = 'CreateRefunds1764000000112';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table refund_batch (
        id uuid primary key,
        account text not null,
        currency text not null check (currency in ('TZS', 'USD')),
        message_id text not null constraint refund_batch_message_id_key unique,
        requested_by text not null,
        approved_by text not null check (approved_by <> requested_by),
        made_at timestamptz not null default gateway_now()
      )`);
    await runner.query(`
      create table refund (
        id uuid primary key,
        payment_id uuid not null references payment,
        source text not null check (source in ('suspense', 'surplus', 'reversal')),
        amount_minor bigint not null check (amount_minor > 0),
        currency text not null check (currency in ('TZS', 'USD')),
        account text not null,
        creditor_name text not null,
        creditor_account text not null,
        creditor_bank text not null,
        end_to_end_id text not null constraint refund_end_to_end_id_key unique,
        reason text not null,
        requested_by text not null,
        approved_by text not null check (approved_by <> requested_by),
        approved_at timestamptz not null default gateway_now(),
        state text not null default 'approved' check (state in ('approved', 'instructed', 'paid')),
        batch_id uuid references refund_batch,
        paid_at timestamptz,
        check ((state = 'approved') = (batch_id is null)),
        check ((state = 'paid') = (paid_at is not null))
      )`);
    await runner.query(`create index refund_by_payment on refund (payment_id)`);
    await runner.query(`create index refund_by_batch on refund (batch_id)`);
    await runner.query(
      `create index refund_waiting on refund (account, currency) where state <> 'paid'`,
    );
    await runner.query(`
      select make_append_only('refund_batch'), grant_to('malipo_system', 'select, insert', 'refund_batch'),
             grant_to('malipo_system', 'select, insert, update', 'refund')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table refund, refund_batch`);
  }
}
