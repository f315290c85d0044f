/**
 * Makes the month partitions of this month and the next three; a daily job keeps them ahead from then on.
 * Locks the partitioned parents briefly. Back: nothing to do, the tables go with their parents.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OpenMonths1764000000009 implements MigrationInterface {
  readonly name = 'OpenMonths1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`select ensure_month_partitions(business_day_of(gateway_now()), 4)`);
  }

  async down(): Promise<void> {
    // The partitions are dropped with their parents by the migrations before this one.
  }
}
