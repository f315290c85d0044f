/**
 * How the CSV of each account at a bank is read. One row an account, as the bank's layout is one, whatever institutions
 * share it; the treasury's accounts have theirs too. Locks nothing that exists. Back: `down` drops it.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MapBankFiles1764000000161 implements MigrationInterface {
  readonly name = 'MapBankFiles1764000000161';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table bank_mapping (
        account text primary key,
        mapping jsonb not null check (jsonb_typeof(mapping) = 'object'),
        set_by text not null,
        set_at timestamptz not null default gateway_now()
      )`);
    await runner.query(
      `select grant_to('malipo_system', 'select, insert, update, delete', 'bank_mapping')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table bank_mapping`);
  }
}
