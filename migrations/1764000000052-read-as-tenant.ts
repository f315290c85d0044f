/**
 * Bills of one institution in the order they came, for lists in pages; and the deliveries that the tenant role may see:
 * those owed to the party that asks. Row-level security on both tables of deliveries stays off for the system role.
 * Locks bill while the index is built. Back: `down` drops index and policies.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReadAsTenant1764000000052 implements MigrationInterface {
  readonly name = 'ReadAsTenant1764000000052';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index bill_by_sp on bill (sp_id, id)`);
    await runner.query(`create index delivery_by_recipient on delivery (recipient_id, id)`);
    await runner.query(`
      select grant_to('malipo_tenant', 'select', 'delivery'),
             grant_to('malipo_tenant', 'select', 'delivery_attempt')`);
    await runner.query(`
      do $$
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          alter table delivery enable row level security;
          alter table delivery_attempt enable row level security;
          create policy delivery_system on delivery to malipo_system using (true) with check (true);
          create policy delivery_attempt_system on delivery_attempt to malipo_system using (true) with check (true);
          create policy delivery_of_party on delivery to malipo_tenant
            using (recipient_id = nullif(current_setting('malipo.party', true), '')::integer);
          create policy delivery_attempt_of_party on delivery_attempt to malipo_tenant
            using (exists (select from delivery d where d.id = delivery_id));
        end if;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop policy if exists delivery_attempt_of_party on delivery_attempt;
      drop policy if exists delivery_attempt_system on delivery_attempt;
      drop policy if exists delivery_of_party on delivery;
      drop policy if exists delivery_system on delivery;
      alter table delivery_attempt disable row level security;
      alter table delivery disable row level security;
      drop index delivery_by_recipient;
      drop index bill_by_sp;
      do $$
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          revoke select on delivery, delivery_attempt from malipo_tenant;
        end if;
      end $$`);
  }
}
