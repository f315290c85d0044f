/**
 * Officers list refunds and requests of reversals by their state, newest first, and follow a refund to the lines of the
 * bank. Locks writes to the three tables for a moment. Back: `down` drops the indexes.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const indexes = {
  refund_by_state: 'refund (state, id)',
  reversal_request_by_state: 'reversal_request (state, id)',
  bank_match_by_refund: `bank_match ((inputs ->> 'refund')) where kind in ('refund', 'refund-return')`,
} as const;

export class ListRefunds1764000000230 implements MigrationInterface {
  readonly name = 'ListRefunds1764000000230';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, on] of Object.entries(indexes))
      await runner.query(`create index ${name} on ${on}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index ${Object.keys(indexes).join(', ')}`);
  }
}
