/**
 * The bytes of an older revision may come again, after others: A, then B, then A is three revisions. What repeats the
 * live revision is known by its digest before anything is written, and one revision of a day is live at a time.
 * Locks statement for a moment. Back: `down` fails where such a file was imported, and loses nothing.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ImportFilesAgain1764000000100 implements MigrationInterface {
  readonly name = 'ImportFilesAgain1764000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table statement drop constraint statement_file_key`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table statement add constraint statement_file_key unique (psp_id, business_day, file_digest)`);
  }
}
