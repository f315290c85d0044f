/**
 * A statement brings up to a million lines at once and is matched at once, before the server has looked at the table by
 * itself: the plans that it keeps for a session, those of its foreign keys too, are then of a table that was nearly
 * empty, and read it from end to end for every line. Whoever keeps a large statement has it looked at; only the owner
 * may, and so in the owner's name. Locks nothing that exists. Back: `down` drops the function.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TellPlannerOfStatements1764000000167 implements MigrationInterface {
  readonly name = 'TellPlannerOfStatements1764000000167';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function look_at_statement_lines() returns void
      language plpgsql volatile security definer set search_path = public, pg_temp as $$
      begin
        analyze statement_line;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function look_at_statement_lines()`);
  }
}
