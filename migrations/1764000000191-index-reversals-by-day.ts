/**
 * An institution that asks for a day hears of what was taken back on it, so that reversals are found by their day. Locks
 * writes to the reversals for a moment. Back: `down` drops the index.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IndexReversalsByDay1764000000191 implements MigrationInterface {
  readonly name = 'IndexReversalsByDay1764000000191';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index payment_reversal_by_day on payment_reversal (business_day)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index payment_reversal_by_day`);
  }
}
