/**
 * A number may stand for one bill after another, and may come from another gateway: the form and the unchecked texts
 * of a bill, the change it was last asked for, item sub-codes, imported numbers and whole imported ranges.
 * Locks bill, bill_item and control_number for a moment; no rewrite. Back: `down` drops the columns, and needs every
 * imported number without a bill to be gone. Rules: gepg-decisions.md B5, B6; rulings.md §2, §7.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReuseAndImportNumbers1764000000010 implements MigrationInterface {
  readonly name = 'ReuseAndImportNumbers1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table bill
        add column form text not null default 'gepg-v4' check (form in ('gepg-v4', 'gepg-v5', 'json')),
        add column extras jsonb not null default '{}',
        add column change_digest bytea`);
    await runner.query(`alter table bill_item add column sub_sp_code text not null default ''`);
    await runner.query(`
      alter table control_number
        alter column bill_id drop not null,
        add column is_imported boolean not null default false`);
    await runner.query(`
      create table imported_number_range (
        id integer generated always as identity primary key,
        sp_id integer not null references party,
        first_number text not null check (first_number ~ '^99[0-9]{10}$'),
        last_number text not null check (last_number ~ '^99[0-9]{10}$'),
        imported_at timestamptz not null default gateway_now(),
        constraint imported_number_range_key unique (first_number, last_number),
        check (first_number <= last_number)
      )`);
    await runner.query(
      `select grant_to('malipo_system', 'select, insert', 'imported_number_range')`,
    );
    // An item belongs to a changed bill until the bill is changed again.
    await runner.query(`select grant_to('malipo_system', 'delete', 'bill_item')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table imported_number_range;
      alter table control_number alter column bill_id set not null, drop column is_imported;
      alter table bill_item drop column sub_sp_code;
      alter table bill drop column form, drop column extras, drop column change_digest`);
  }
}
