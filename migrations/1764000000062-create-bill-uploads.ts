/**
 * Bills that came as a file: bill_upload is the job with its progress, bill_upload_row a line of the file with what became
 * of it. A file is known by party, digest and what was wanted of it, so that it is taken once. `draft` holds the line
 * until it is decided, and no longer. Locks nothing that exists. Back: `down` drops both.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateBillUploads1764000000062 implements MigrationInterface {
  readonly name = 'CreateBillUploads1764000000062';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table bill_upload (
        id uuid primary key,
        sp_id integer not null references party,
        digest bytea not null check (length(digest) = 32),
        accept text not null check (accept in ('all', 'good')),
        state text not null check (state in ('checking', 'issuing', 'done', 'refused')),
        row_count integer not null default 0,
        checked_count integer not null default 0,
        issued_count integer not null default 0,
        refused_count integer not null default 0,
        last_line integer not null default 0,
        created_at timestamptz not null default gateway_now(),
        turn_at timestamptz not null default gateway_now(),
        finished_at timestamptz,
        constraint bill_upload_digest_key unique (sp_id, digest, accept),
        check ((state in ('done', 'refused')) = (finished_at is not null)),
        check (issued_count + refused_count <= row_count and checked_count <= row_count)
      )`);
    await runner.query(`create index bill_upload_by_sp on bill_upload (sp_id, id)`);
    await runner.query(
      `create index bill_upload_under_way on bill_upload (turn_at) where finished_at is null`,
    );
    await runner.query(`
      create table bill_upload_row (
        upload_id uuid not null references bill_upload,
        line integer not null,
        bill_id text not null,
        state text not null check (state in ('waiting', 'issued', 'refused')),
        control_number text,
        faults text[] not null,
        repeats_line integer,
        draft jsonb,
        primary key (upload_id, line),
        check (state <> 'issued' or control_number is not null)
      )`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert, update', 'bill_upload'),
             grant_to('malipo_system', 'select, insert, update', 'bill_upload_row'),
             grant_to('malipo_tenant', 'select', 'bill_upload'),
             grant_to('malipo_tenant', 'select', 'bill_upload_row')`);
    await runner.query(`
      do $$
      begin
        if exists (select from pg_roles where rolname = 'malipo_tenant') then
          alter table bill_upload enable row level security;
          alter table bill_upload_row enable row level security;
          create policy bill_upload_system on bill_upload to malipo_system using (true) with check (true);
          create policy bill_upload_row_system on bill_upload_row to malipo_system using (true) with check (true);
          create policy bill_upload_of_party on bill_upload to malipo_tenant
            using (sp_id = nullif(current_setting('malipo.party', true), '')::integer);
          create policy bill_upload_row_of_party on bill_upload_row to malipo_tenant
            using (exists (select from bill_upload u where u.id = upload_id));
        end if;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table bill_upload_row, bill_upload`);
  }
}
