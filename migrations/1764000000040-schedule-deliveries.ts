/**
 * What the schedule of a delivery needs beside its attempts: failures since it was last put in the outbox (a lease that
 * was given back unused is none), and when it was last sent again by hand. The indexes of open deliveries go by
 * `settled_at`, which a lease does not touch, so that taking a lease writes no index. The key begins with the id, by which
 * people ask. Locks the outbox while the indexes are made. Back: `down` makes the old ones.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ScheduleDeliveries1764000000040 implements MigrationInterface {
  readonly name = 'ScheduleDeliveries1764000000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table delivery add column failure_count integer not null default 0, add column resent_at timestamptz`);
    await runner.query(
      `update delivery set failure_count = attempt_count where settled_at is null`,
    );
    await runner.query(`drop index delivery_due`);
    await runner.query(`
      create index delivery_due on delivery (recipient_id, next_attempt_at, id) where settled_at is null`);
    await runner.query(`
      create index delivery_open_by_subject on delivery (recipient_id, subject, id) where settled_at is null`);
    await runner.query(`
      create index delivery_parked on delivery (id)
        where settled_at is not null and last_outcome is distinct from 'acknowledged'`);
    await runner.query(`
      create index delivery_resent on delivery (recipient_id, resent_at) where resent_at is not null`);
    await runner.query(`
      alter table delivery drop constraint delivery_pkey, add constraint delivery_pkey primary key (id, created_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table delivery drop constraint delivery_pkey, add constraint delivery_pkey primary key (created_at, id);
      drop index delivery_resent;
      drop index delivery_parked;
      drop index delivery_open_by_subject;
      drop index delivery_due;
      create index delivery_due on delivery (recipient_id, next_attempt_at, id) where state in ('ready', 'leased');
      alter table delivery drop column resent_at, drop column failure_count`);
  }
}
