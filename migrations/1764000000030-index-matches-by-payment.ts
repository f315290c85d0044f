/**
 * Finds the match of a payment across runs: every run asks for each of its payments whether another day has taken it.
 * Locks `match` against writes while it is built, seconds for a million rows. Back: `down` drops the index.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IndexMatchesByPayment1764000000030 implements MigrationInterface {
  readonly name = 'IndexMatchesByPayment1764000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index match_by_payment on match (payment_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index match_by_payment`);
  }
}
