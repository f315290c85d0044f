/**
 * When a PSP's money is due: days on which banks work or not, beyond what the calendar computes, and each PSP's terms.
 * The feasts that follow the moon are rows, computed for 2025 to 2028; the announcement may be a day off, and then the
 * row is changed. Locks nothing that exists. Back: `down` drops all. Rules: product.md §7, rulings.md §6.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const feasts: readonly (readonly [string, string])[] = [
  ['2025-03-31', 'Eid al-Fitr'],
  ['2025-04-01', 'Eid al-Fitr, second day'],
  ['2025-06-07', 'Eid al-Adha'],
  ['2025-09-05', 'Maulid'],
  ['2026-03-20', 'Eid al-Fitr'],
  ['2026-03-21', 'Eid al-Fitr, second day'],
  ['2026-05-27', 'Eid al-Adha'],
  ['2026-08-25', 'Maulid'],
  ['2027-03-10', 'Eid al-Fitr'],
  ['2027-03-11', 'Eid al-Fitr, second day'],
  ['2027-05-17', 'Eid al-Adha'],
  ['2027-08-15', 'Maulid'],
  ['2028-02-27', 'Eid al-Fitr'],
  ['2028-02-28', 'Eid al-Fitr, second day'],
  ['2028-05-05', 'Eid al-Adha'],
  ['2028-08-03', 'Maulid'],
];

export class CreateSettlementTerms1764000000120 implements MigrationInterface {
  readonly name = 'CreateSettlementTerms1764000000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table calendar_day (
        day date primary key,
        is_holiday boolean not null,
        name text not null,
        note text not null default '',
        set_by text not null,
        set_at timestamptz not null default gateway_now()
      )`);
    await runner.query(
      `insert into calendar_day (day, is_holiday, name, note, set_by)
       select t.day, true, t.name, 'follows the moon: change it when it is announced', 'malipo'
         from unnest($1::date[], $2::text[]) as t (day, name)`,
      [feasts.map(([day]) => day), feasts.map(([, name]) => name)],
    );
    await runner.query(`
      create table settlement_terms (
        psp_id integer not null references party,
        collection_account text not null,
        currency text not null check (currency in ('TZS', 'USD')),
        valid_from date not null,
        cutoff_minutes integer not null check (cutoff_minutes between 1 and 1440),
        settle_days integer not null check (settle_days between 0 and 30),
        due_minutes integer not null check (due_minutes between 0 and 2880),
        fee_basis text not null check (fee_basis in ('none', 'transaction', 'day')),
        fee_handling text not null check (fee_handling in ('kept', 'apart')),
        fee_flat_minor bigint not null check (fee_flat_minor >= 0),
        fee_per_million integer not null check (fee_per_million between 0 and 1000000),
        fee_min_minor bigint not null check (fee_min_minor >= 0),
        fee_max_minor bigint check (fee_max_minor >= fee_min_minor),
        reference_form text not null,
        remitters text[] not null,
        set_by text not null,
        set_at timestamptz not null default gateway_now(),
        primary key (psp_id, collection_account, currency, valid_from)
      )`);
    await runner.query(`
      create table treasury_account (
        account text not null,
        currency text not null primary key check (currency in ('TZS', 'USD')),
        set_by text not null,
        set_at timestamptz not null default gateway_now()
      )`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert, update, delete', 'calendar_day'),
             grant_to('malipo_system', 'select, insert, update', 'settlement_terms'),
             grant_to('malipo_system', 'select, insert, update', 'treasury_account')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table treasury_account, settlement_terms, calendar_day`);
  }
}
