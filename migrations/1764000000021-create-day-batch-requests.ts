/**
 * The days that institutions asked for on the wire: the same id and day again sends the same batch, not another.
 * Locks nothing that exists. Back: `down` drops the table. Rules: gepg-decisions D5.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDayBatchRequests1764000000021 implements MigrationInterface {
  readonly name = 'CreateDayBatchRequests1764000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table day_batch_request (
        sp_id integer not null references party,
        request_id text not null,
        business_day date not null,
        option text not null check (option in ('successful', 'exceptions')),
        is_first boolean not null default true,
        asked_count integer not null default 1,
        hour_began_at timestamptz not null default gateway_now(),
        constraint day_batch_request_pkey primary key (sp_id, request_id, business_day, option)
      )`);
    await runner.query(
      `select grant_to('malipo_system', 'select, insert, update', 'day_batch_request')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table day_batch_request`);
  }
}
