/**
 * A match with a fee can be undone by another with the opposite sign, so a fee may be below nothing.
 * Takes an exclusive lock on bank_match for a moment. Back: `down` wants that no fee was undone.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UndoMatches1764000000123 implements MigrationInterface {
  readonly name = 'UndoMatches1764000000123';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table bank_match drop constraint bank_match_fee_minor_check`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table bank_match add constraint bank_match_fee_minor_check check (fee_minor >= 0)`,
    );
  }
}
