/**
 * The tenant role may read code and name of a party, which stand on every receipt, and nothing else of it.
 * Locks nothing. Back: `down` takes the grant away.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NamePartiesToTenants1764000000053 implements MigrationInterface {
  readonly name = 'NamePartiesToTenants1764000000053';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          grant select (id, code, name) on party to malipo_tenant;
        end if;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          revoke select (id, code, name) on party from malipo_tenant;
        end if;
      end $$`);
  }
}
