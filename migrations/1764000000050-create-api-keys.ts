/**
 * Keys with which the programs of a party sign in at the JSON edge. Only the SHA-256 of a key is stored.
 * Locks nothing that exists. Back: `down` drops the table, and with it every key. Rules: rulings.md §10.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateApiKeys1764000000050 implements MigrationInterface {
  readonly name = 'CreateApiKeys1764000000050';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api_key (
        id uuid primary key,
        party_id integer not null references party,
        key_digest bytea not null constraint api_key_digest_key unique check (length(key_digest) = 32),
        scopes text[] not null check (cardinality(scopes) > 0),
        created_at timestamptz not null default gateway_now(),
        expires_at timestamptz not null,
        revoked_at timestamptz,
        last_used_at timestamptz,
        check (expires_at > created_at)
      )`);
    await runner.query(`create index api_key_by_party on api_key (party_id, id)`);
    await runner.query(`select grant_to('malipo_system', 'select, insert, update', 'api_key')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table api_key`);
  }
}
