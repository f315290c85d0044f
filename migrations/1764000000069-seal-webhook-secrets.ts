/**
 * Webhook secrets, and the stored answers that tell one, are kept encrypted. What stood here in clear stands in every
 * backup too, so it is thrown away and not encrypted: the endpoints are switched off until their owners rotate, and the
 * stored answers keep all but the secret. Locks the tables for the time of the change. Back: `down` cannot read what is
 * sealed; it throws the secrets away likewise, and the answers that told them, so that such a request is done again.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const discard = `
  delete from webhook_secret;
  update webhook_endpoint set switched_off_at = gateway_now() where removed_at is null and switched_off_at is null`;

export class SealWebhookSecrets1764000000069 implements MigrationInterface {
  readonly name = 'SealWebhookSecrets1764000000069';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(discard);
    await runner.query(`alter table webhook_secret drop constraint webhook_secret_secret_check`);
    await runner.query(`alter table webhook_secret rename column secret to sealed_secret`);
    await runner.query(`
      alter table webhook_secret add constraint webhook_secret_sealed_check check (length(sealed_secret) = 60)`);
    await runner.query(`alter table stored_answer disable trigger stored_answer_keeps`);
    await runner.query(`
      update stored_answer set answer = (answer::jsonb - 'secret')::json
       where operation in ('WebhooksController.add', 'WebhooksController.rotate')`);
    await runner.query(`alter table stored_answer enable trigger stored_answer_keeps`);
    await runner.query(`
      alter table stored_answer
        alter column answer drop not null,
        add column sealed_answer bytea,
        add constraint stored_answer_once_check check ((answer is null) <> (sealed_answer is null))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table stored_answer disable trigger stored_answer_keeps`);
    await runner.query(`delete from stored_answer where sealed_answer is not null`);
    await runner.query(`alter table stored_answer enable trigger stored_answer_keeps`);
    await runner.query(`
      alter table stored_answer
        drop constraint stored_answer_once_check,
        drop column sealed_answer,
        alter column answer set not null`);
    await runner.query(discard);
    await runner.query(`alter table webhook_secret drop constraint webhook_secret_sealed_check`);
    await runner.query(`alter table webhook_secret rename column sealed_secret to secret`);
    await runner.query(`
      alter table webhook_secret
        add constraint webhook_secret_secret_check check (length(secret) between 24 and 64)`);
  }
}
