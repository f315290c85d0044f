/**
 * The certification authority that a recipient's endpoint must show, for those that have one of their own
 * (security-reliability O7). Locks nothing that exists. Back: `down` drops it.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDeliveryTrust1764000000042 implements MigrationInterface {
  readonly name = 'CreateDeliveryTrust1764000000042';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table delivery_trust (
        recipient_id integer primary key references party,
        ca_pem text not null,
        pinned_at timestamptz not null default gateway_now()
      )`);
    await runner.query(
      `select grant_to('malipo_system', 'select, insert, update, delete', 'delivery_trust')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table delivery_trust`);
  }
}
