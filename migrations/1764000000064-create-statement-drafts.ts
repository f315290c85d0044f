/**
 * Day statements that PSPs put together in pages over JSON before they publish them. What is published is a statement
 * like an imported file, and its pages are deleted. The tenant role reads its own drafts, statements and runs.
 * Locks statement and reconciliation_run for a moment (row-level security). Back: `down` drops all of it.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateStatementDrafts1764000000064 implements MigrationInterface {
  readonly name = 'CreateStatementDrafts1764000000064';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table statement_draft (
        id uuid primary key,
        psp_id integer not null references party,
        business_day date not null,
        state text not null default 'draft' check (state in ('draft', 'published', 'discarded')),
        statement_id bigint references statement,
        opened_at timestamptz not null default gateway_now(),
        closed_at timestamptz,
        constraint statement_draft_published_check check ((state = 'published') = (statement_id is not null))
      )`);
    await runner.query(`
      create unique index statement_draft_open_key on statement_draft (psp_id, business_day) where state = 'draft'`);
    await runner.query(`create index statement_draft_by_psp on statement_draft (psp_id, id)`);
    await runner.query(`
      create table statement_draft_page (
        draft_id uuid not null references statement_draft,
        page integer not null check (page between 1 and 400),
        lines jsonb not null,
        line_count integer not null check (line_count > 0),
        primary key (draft_id, page)
      )`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert, update', 'statement_draft'),
             grant_to('malipo_system', 'select, insert, update, delete', 'statement_draft_page'),
             grant_to('malipo_tenant', 'select', 'statement_draft'),
             grant_to('malipo_tenant', 'select', 'statement_draft_page'),
             grant_to('malipo_tenant', 'select', 'statement'),
             grant_to('malipo_tenant', 'select', 'reconciliation_run')`);
    await runner.query(`
      do $$
      declare
        shared text;
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          foreach shared in array array['statement', 'reconciliation_run', 'statement_draft'] loop
            execute format('alter table %I enable row level security', shared);
            execute format('create policy %I on %I to malipo_system using (true) with check (true)',
                           shared || '_system', shared);
            execute format('create policy %I on %I to malipo_tenant
                              using (psp_id = nullif(current_setting(''malipo.party'', true), '''')::integer)',
                           shared || '_of_party', shared);
          end loop;
          alter table statement_draft_page enable row level security;
          create policy statement_draft_page_system on statement_draft_page to malipo_system
            using (true) with check (true);
          create policy statement_draft_page_of_party on statement_draft_page to malipo_tenant
            using (exists (select from statement_draft d where d.id = draft_id));
        end if;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table statement_draft_page, statement_draft`);
    await runner.query(`
      do $$
      declare
        shared text;
      begin
        foreach shared in array array['statement', 'reconciliation_run'] loop
          execute format('drop policy if exists %I on %I', shared || '_of_party', shared);
          execute format('drop policy if exists %I on %I', shared || '_system', shared);
          execute format('alter table %I disable row level security', shared);
          if exists (select from pg_roles where rolname = 'malipo_tenant') then
            execute format('revoke select on %I from malipo_tenant', shared);
          end if;
        end loop;
      end $$`);
  }
}
