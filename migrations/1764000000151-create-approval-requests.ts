/**
 * What one officer asks for and another decides. The database itself holds that nobody decides his own request, that
 * what was asked never changes, and that a decision is final (security-reliability CON7). Locks nothing that exists.
 * Back: `down` drops the table and its guard.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateApprovalRequests1764000000151 implements MigrationInterface {
  readonly name = 'CreateApprovalRequests1764000000151';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table approval_request (
        id uuid primary key,
        action text not null,
        subject text not null,
        content text not null,
        content_digest bytea not null,
        requested_by text not null references officer (name),
        requested_at timestamptz not null default gateway_now(),
        state text not null default 'waiting' check (state in ('waiting', 'approved', 'declined')),
        decided_by text references officer (name),
        decided_at timestamptz,
        reason text,
        constraint approval_request_digest_check check (content_digest = sha256(convert_to(content, 'UTF8'))),
        constraint approval_request_two_officers_check check (decided_by <> requested_by),
        check ((state = 'waiting') = (decided_by is null)),
        check ((decided_by is null) = (decided_at is null)),
        check ((state = 'declined') = (reason is not null))
      )`);
    await runner.query(`
      create index approval_request_waiting on approval_request (requested_at, id) where state = 'waiting'`);
    await runner.query(`
      create index approval_request_by_subject on approval_request (subject, requested_at)`);
    await runner.query(`
      create function approval_request_keeps() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then raise exception 'an approval request is kept'; end if;
        if old.state <> 'waiting' then raise exception 'an approval request is decided once'; end if;
        if (new.id, new.action, new.subject, new.content, new.content_digest, new.requested_by, new.requested_at)
           is distinct from
           (old.id, old.action, old.subject, old.content, old.content_digest, old.requested_by, old.requested_at)
        then raise exception 'what is approved is what was asked for'; end if;
        return new;
      end $$`);
    await runner.query(`
      create trigger approval_request_keeps before update or delete on approval_request
        for each row execute function approval_request_keeps()`);
    await runner.query(`
      select grant_to('malipo_system', 'select, insert, update', 'approval_request')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table approval_request;
      drop function approval_request_keeps()`);
  }
}
