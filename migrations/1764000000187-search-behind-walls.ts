/**
 * A role under row-level security may use an index only for conditions that tell nothing about rows it may not see;
 * PostgreSQL knows that of comparisons, and not of a day in a time zone or of small letters. So bills of a day are found
 * by the instant itself, and who is looked for by a name is found by functions of the owner, which give ids and no more:
 * the statement that asked still applies its own bounds to them. Locks `bill` against writes while the index is built,
 * two seconds for a million rows. Back: `down` makes the index of days again.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bytes, not letters, are compared, and no character of UTF-8 is higher than the last. */
const found = (table: string): string => `
  select id from ${table}
   where lower(payer_name) ~>=~ lower(beginning) and lower(payer_name) ~<~ (lower(beginning) || chr(1114111))
     and payer_name <> ''
   order by lower(payer_name) using ~<~ limit most`;

export class SearchBehindWalls1764000000187 implements MigrationInterface {
  readonly name = 'SearchBehindWalls1764000000187';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index bill_by_day`);
    await runner.query(`create index bill_by_creation on bill (created_at, id)`);
    for (const table of ['bill', 'payment']) {
      const name = `${table}s_of_payer(beginning text, most integer)`;
      await runner.query(`
        create function ${name} returns setof uuid language sql stable security definer
          set search_path = public, pg_temp as $$ ${found(table)} $$`);
      await runner.query(`revoke all on function ${table}s_of_payer(text, integer) from public`);
      await runner.query(`
        do $$
        begin
          if exists (select from pg_roles where rolname = 'malipo_system') then
            grant execute on function ${table}s_of_payer(text, integer) to malipo_system;
          end if;
        end $$`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function payments_of_payer(text, integer)`);
    await runner.query(`drop function bills_of_payer(text, integer)`);
    await runner.query(`drop index bill_by_creation`);
    await runner.query(`create index bill_by_day on bill (business_day_of(created_at), id)`);
  }
}
