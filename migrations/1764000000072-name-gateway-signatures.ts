/**
 * Profiles name the key that signs what the gateway sends to the party: RSA, or by agreement ECDSA P-256
 * (performance.md §4); rows of before get RSA. Locks each party row; some hundred rows. Back: the member goes.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NameGatewaySignatures1764000000072 implements MigrationInterface {
  readonly name = 'NameGatewaySignatures1764000000072';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `update party set profile = '{"gatewaySignature": "rsa"}'::jsonb || profile`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`update party set profile = profile - 'gatewaySignature'`);
  }
}
