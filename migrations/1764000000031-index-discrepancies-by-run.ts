/**
 * Finds what a run has raised, for the proof of conservation that closes it.
 * Locks `discrepancy` against writes while it is built, seconds for a million rows. Back: `down` drops the index.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IndexDiscrepanciesByRun1764000000031 implements MigrationInterface {
  readonly name = 'IndexDiscrepanciesByRun1764000000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index discrepancy_by_run on discrepancy (last_run, payment_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index discrepancy_by_run`);
  }
}
