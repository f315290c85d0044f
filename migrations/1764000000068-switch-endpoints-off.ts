/**
 * A webhook endpoint may be switched off, by its owner or by its own answer 410: it stays, with its secrets, and gets
 * nothing until it is switched on again. Locks the endpoints for a moment. Back: `down` forgets which were off.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SwitchEndpointsOff1764000000068 implements MigrationInterface {
  readonly name = 'SwitchEndpointsOff1764000000068';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table webhook_endpoint add column switched_off_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table webhook_endpoint drop column switched_off_at`);
  }
}
