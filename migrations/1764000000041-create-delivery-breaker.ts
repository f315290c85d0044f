/**
 * One row for a recipient whose endpoint failed too often: until when nobody sends to it, and how long it was shut last.
 * In the database, so that it survives a restart and holds for every worker; deleted when the endpoint answers again.
 * Locks nothing that exists. Back: `down` drops it.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDeliveryBreaker1764000000041 implements MigrationInterface {
  readonly name = 'CreateDeliveryBreaker1764000000041';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table delivery_breaker (
        recipient_id integer primary key references party,
        opened_at timestamptz not null default gateway_now(),
        open_until timestamptz not null,
        pause_ms integer not null check (pause_ms > 0),
        last_outcome text not null
      )`);
    await runner.query(
      `select grant_to('malipo_system', 'select, insert, update, delete', 'delivery_breaker')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table delivery_breaker`);
  }
}
