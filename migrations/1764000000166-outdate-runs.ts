/**
 * A run may be overtaken by that of a neighbouring day: a payment that the other day now holds, or holds no more, is
 * matched otherwise here. Such a run says so, and the timed work makes it again. Locks the small table for a moment.
 * Back: `down` drops the column; what was outdated is then run by an officer.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OutdateRuns1764000000166 implements MigrationInterface {
  readonly name = 'OutdateRuns1764000000166';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reconciliation_run add column is_outdated boolean not null default false`);
    await runner.query(`
      create index reconciliation_run_outdated on reconciliation_run (business_day) where is_latest and is_outdated`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index reconciliation_run_outdated`);
    await runner.query(`alter table reconciliation_run drop column is_outdated`);
  }
}
