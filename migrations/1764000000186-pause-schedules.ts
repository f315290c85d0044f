/**
 * A schedule of a report may rest: nothing falls due while it is paused, and what fell due meanwhile is not made up for
 * when it goes on (issue 7, point 7). Locks the small table for a moment. Back: `down` drops the columns, and what rested
 * goes on.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PauseSchedules1764000000186 implements MigrationInterface {
  readonly name = 'PauseSchedules1764000000186';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table report_schedule add column paused_at timestamptz, add column resumed_at timestamptz`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table report_schedule drop column paused_at, drop column resumed_at`);
  }
}
