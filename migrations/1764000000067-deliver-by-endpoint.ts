/**
 * A recipient may have several endpoints: the one of its party file, told by '', and its webhook endpoints, told by
 * their ids. Order, room and breaker are an endpoint's, so that a dead one delays no other of the same party. Until now
 * the subject of a webhook delivery held the endpoint behind a blank, and asking for a bill's deliveries missed it.
 * Locks the outbox while the indexes are made. Back: `down` puts the endpoints back behind the subjects, and forgets the
 * breakers of webhook endpoints, which are learnt anew.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DeliverByEndpoint1764000000067 implements MigrationInterface {
  readonly name = 'DeliverByEndpoint1764000000067';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table delivery add column endpoint text not null default ''`);
    await runner.query(`
      update delivery
         set endpoint = message ->> 'endpointId',
             subject = left(subject, -1 - length(message ->> 'endpointId'))
       where kind = 'event'`);
    await runner.query(`drop index delivery_due, delivery_open_by_subject`);
    await runner.query(`
      create index delivery_due on delivery (recipient_id, endpoint, next_attempt_at, id) where settled_at is null`);
    await runner.query(`
      create index delivery_open_by_subject on delivery (recipient_id, endpoint, subject, id)
        where settled_at is null`);
    await runner.query(`
      alter table delivery_breaker
        add column endpoint text not null default '',
        drop constraint delivery_breaker_pkey,
        add constraint delivery_breaker_pkey primary key (recipient_id, endpoint)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from delivery_breaker where endpoint <> ''`);
    await runner.query(`
      alter table delivery_breaker
        drop constraint delivery_breaker_pkey,
        add constraint delivery_breaker_pkey primary key (recipient_id),
        drop column endpoint`);
    await runner.query(`drop index delivery_open_by_subject, delivery_due`);
    await runner.query(
      `update delivery set subject = subject || ' ' || endpoint where kind = 'event'`,
    );
    await runner.query(`
      create index delivery_due on delivery (recipient_id, next_attempt_at, id) where settled_at is null`);
    await runner.query(`
      create index delivery_open_by_subject on delivery (recipient_id, subject, id) where settled_at is null`);
    await runner.query(`alter table delivery drop column endpoint`);
  }
}
