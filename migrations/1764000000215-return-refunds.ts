/**
 * A refund that the bank could not pay out comes back as a credit: the refund is then `returned`, and the credit is
 * explained by it. Locks refund and bank_match for a moment. Back: `down` wants that no refund was returned.
 * Rules: rulings.md §8 (refund-payable).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const kinds = `'settlement', 'return', 'refund', 'charge', 'sweep', 'treasury', 'suspense', 'left'`;

export class ReturnRefunds1764000000215 implements MigrationInterface {
  readonly name = 'ReturnRefunds1764000000215';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table refund
        drop constraint refund_state_check,
        drop constraint refund_check2,
        add column returned_at timestamptz,
        add constraint refund_state_check check (state in ('approved', 'instructed', 'paid', 'returned')),
        add constraint refund_paid_check check ((state in ('paid', 'returned')) = (paid_at is not null)),
        add constraint refund_returned_check check ((state = 'returned') = (returned_at is not null))`);
    await this.allow(runner, `${kinds}, 'refund-return'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.allow(runner, kinds);
    await runner.query(`
      alter table refund
        drop constraint refund_state_check,
        drop constraint refund_paid_check,
        drop constraint refund_returned_check,
        drop column returned_at,
        add constraint refund_state_check check (state in ('approved', 'instructed', 'paid')),
        add constraint refund_check2 check ((state = 'paid') = (paid_at is not null))`);
  }

  private async allow(runner: QueryRunner, allowed: string): Promise<void> {
    await runner.query(`
      alter table bank_match
        drop constraint bank_match_kind_check,
        add constraint bank_match_kind_check check (kind in (${allowed}))`);
  }
}
