/**
 * Officers who sign in at the console, and their sessions. A session is found by the SHA-256 of what its cookie holds,
 * so that whoever reads the table cannot sign in. Locks nothing that exists. Back: `down` drops both tables. Rules:
 * security-reliability §2.6 (CON1, CON2).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOfficers1764000000150 implements MigrationInterface {
  readonly name = 'CreateOfficers1764000000150';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table officer (
        id integer generated always as identity primary key,
        name text not null constraint officer_name_key unique check (name ~ '^[a-z][a-z0-9.-]{2,39}$'),
        full_name text not null check (length(full_name) between 1 and 100),
        role text not null,
        party_id integer references party,
        status text not null default 'active' check (status in ('active', 'disabled')),
        language text not null default 'en' check (language in ('en', 'sw')),
        password_hash text not null,
        must_change_password boolean not null default true,
        is_code_waived boolean not null default false,
        sealed_code_secret bytea,
        code_confirmed_at timestamptz,
        last_code_step bigint not null default 0,
        failed_count integer not null default 0 check (failed_count >= 0),
        locked_until timestamptz,
        created_at timestamptz not null default gateway_now(),
        constraint officer_party_check check ((role = 'institution-officer') = (party_id is not null)),
        constraint officer_code_check check (code_confirmed_at is null or sealed_code_secret is not null)
      )`);
    await runner.query(`
      create table officer_session (
        id uuid primary key,
        token_digest bytea not null constraint officer_session_token_key unique check (length(token_digest) = 32),
        officer_id integer not null references officer,
        address text not null,
        has_given_code boolean not null default false,
        created_at timestamptz not null default gateway_now(),
        last_seen_at timestamptz not null default gateway_now(),
        ended_at timestamptz,
        ended_by text,
        check ((ended_at is null) = (ended_by is null))
      )`);
    await runner.query(`
      create index officer_session_open on officer_session (officer_id) where ended_at is null`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert, update', 'officer'),
             grant_to('malipo_system', 'select, insert, update', 'officer_session')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table officer_session;
      drop table officer`);
  }
}
