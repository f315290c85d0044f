/**
 * The audit trail is searched by who did something and by what was done. Nearly all of it is payments and bills that came
 * over the wire, which are found by their subject, or at once because there are so many of them; all else has indexes,
 * which leave those out, so that the intake writes no entry more. Locks `audit_event` against writes while they are built,
 * a second for a million rows. Back: `down` drops them.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const rare = `action not in ('payment.received', 'bills.submitted')`;

export class IndexAuditSearches1764000000222 implements MigrationInterface {
  readonly name = 'IndexAuditSearches1764000000222';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index audit_event_by_action on audit_event (action, occurred_at) where ${rare}`,
    );
    await runner.query(
      `create index audit_event_by_actor on audit_event (actor, occurred_at) where ${rare}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index audit_event_by_action, audit_event_by_actor`);
  }
}
