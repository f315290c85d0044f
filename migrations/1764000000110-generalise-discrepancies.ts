/**
 * Discrepancies of every kind of product.md §7, also those that no PSP's run raises: a bank's credit has no PSP before
 * it is matched. Each has an owner, says in `detail` what was tried, and counts its changes, so that a spreadsheet that
 * was exported before a change is known to be old. Their history is a table of its own that only grows.
 * Locks `discrepancy` for the time of the change. Back: `down` takes the history and all that no run raised.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class GeneraliseDiscrepancies1764000000110 implements MigrationInterface {
  readonly name = 'GeneraliseDiscrepancies1764000000110';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table discrepancy
        alter column psp_id drop not null,
        alter column raised_by_run drop not null,
        alter column last_run drop not null,
        add column detail jsonb not null default '{}',
        add column owner text,
        add column revision integer not null default 1,
        drop constraint discrepancy_state_check,
        add constraint discrepancy_state_check
          check (state in ('open', 'awaiting-approval', 'resolved', 'withdrawn')),
        add constraint discrepancy_kind_check check (kind in (
          'missing-here', 'refused-here', 'missing-there', 'amount-differs', 'currency-differs', 'duplicate-line',
          'wrong-day', 'unknown-number', 'short-settled', 'over-settled', 'late-settlement', 'unidentified-credit',
          'unidentified-debit', 'returned-credit')),
        drop constraint discrepancy_key,
        add constraint discrepancy_key unique nulls not distinct (psp_id, business_day, kind, subject)`);
    await runner.query(`drop index discrepancy_open`);
    await runner.query(`
      create index discrepancy_open on discrepancy (business_day, psp_id)
        where state in ('open', 'awaiting-approval')`);
    await runner.query(`
      create table discrepancy_event (
        id bigint generated always as identity primary key,
        discrepancy_id bigint not null references discrepancy,
        action text not null check (action in (
          'raised', 'reopened', 'withdrawn', 'assigned', 'commented', 'proposed', 'approved', 'declined', 'resolved')),
        actor text not null,
        at timestamptz not null default gateway_now(),
        detail jsonb not null default '{}'
      )`);
    await runner.query(`
      create index discrepancy_event_by_discrepancy on discrepancy_event (discrepancy_id, id)`);
    await runner.query(`select make_append_only('discrepancy_event')`);
    await runner.query(`select grant_to('malipo_system', 'select, insert', 'discrepancy_event')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table discrepancy_event`);
    await runner.query(`delete from discrepancy where last_run is null`);
    await runner.query(`
      update discrepancy set state = 'open' where state = 'awaiting-approval';
      drop index discrepancy_open;
      alter table discrepancy
        drop constraint discrepancy_kind_check,
        drop constraint discrepancy_state_check,
        add constraint discrepancy_state_check check (state in ('open', 'resolved', 'withdrawn')),
        drop constraint discrepancy_key,
        add constraint discrepancy_key unique (psp_id, business_day, kind, subject),
        drop column detail, drop column owner, drop column revision,
        alter column psp_id set not null,
        alter column raised_by_run set not null,
        alter column last_run set not null;
      create index discrepancy_open on discrepancy (business_day, psp_id) where state = 'open'`);
  }
}
