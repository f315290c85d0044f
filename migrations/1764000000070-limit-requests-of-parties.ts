/**
 * Profiles say how many messages a second a party may send (security-reliability §3.4); rows of before get the default.
 * Locks each party row; some hundred rows. Back: the member goes.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LimitRequestsOfParties1764000000070 implements MigrationInterface {
  readonly name = 'LimitRequestsOfParties1764000000070';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `update party set profile = '{"requestsPerSecond": 1000}'::jsonb || profile`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`update party set profile = profile - 'requestsPerSecond'`);
  }
}
