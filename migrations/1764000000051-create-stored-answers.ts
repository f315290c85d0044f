/**
 * What was answered under an Idempotency-Key, written in the transaction of the work itself. Kept for ever, as the bills
 * are. Locks nothing that exists. Back: `down` drops the table; repeats are then done again.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateStoredAnswers1764000000051 implements MigrationInterface {
  readonly name = 'CreateStoredAnswers1764000000051';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stored_answer (
        party_id integer not null references party,
        operation text not null,
        key text not null check (length(key) between 1 and 255),
        request_digest bytea not null,
        status integer not null,
        answer json not null,
        answered_at timestamptz not null default gateway_now(),
        primary key (party_id, operation, key)
      )`);
    await runner.query(`select make_append_only('stored_answer')`);
    await runner.query(`select grant_to('malipo_system', 'select, insert', 'stored_answer')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table stored_answer`);
  }
}
