/**
 * The tenant role writes too, so that row-level security is the second wall of every write that a party makes over
 * /v1, not of its reads alone (issue 5, point 12). It may add and change what a party may by the rules of the product,
 * column by column where money stands beside: what was paid on a bill is not among them. Two things reach beyond a
 * party's own rows and are functions of the owner: whether a number is taken by anybody, and raising an alarm without
 * seeing those of others. Locks each table for a moment; no rewrite. Back: `down` takes grants, policies and functions
 * away.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const party = `nullif(current_setting('malipo.party', true), '')::integer`;

/** Tables that had no policies until now: when a row is the party's own. */
const ownRows = [
  ['control_number_range', `party_id = ${party}`],
  ['imported_number_range', `sp_id = ${party}`],
  ['stored_answer', `party_id = ${party}`],
  ['webhook_secret', `exists (select from webhook_endpoint w where w.id = endpoint_id)`],
  ['delivery_breaker', `recipient_id = ${party}`],
  ['payment_notification', `psp_id = ${party}`],
] as const;

const granted = [
  ['bill', 'insert'],
  [
    'bill',
    `update (state, version, cancelled_at, cancel_reason, payment_option, currency, amount_minor, misc_amount_minor,
       minimum_minor, limit_minor, generated_at, expires_at, payer_id, payer_name, payer_phone, payer_email,
       description, generated_by, approved_by, sub_sp_code, system_id, extras, change_digest)`,
  ],
  ['bill_item', 'insert, delete'],
  [
    'bill_item',
    'update (reference, pays_by_reference, gfs_code, sub_sp_code, amount_minor, misc_amount_minor)',
  ],
  ['control_number', 'insert, update (bill_id)'],
  ['control_number_range', 'select, update (next_serial)'],
  ['imported_number_range', 'select'],
  ['bill_upload', 'insert, update (row_count, refused_count)'],
  ['bill_upload_row', 'insert'],
  ['stored_answer', 'select, insert'],
  ['audit_event', 'insert'],
  ['audit_event_id_seq', 'usage'],
  ['webhook_endpoint', 'insert, update (url, event_types, removed_at, switched_off_at)'],
  ['webhook_secret', 'select, insert, update (ends_at)'],
  ['delivery_breaker', 'select, delete'],
  [
    'delivery',
    'update (url, state, next_attempt_at, last_outcome, settled_at, failure_count, resent_at)',
  ],
  ['feed_head', 'update (acknowledged_sequence, acknowledged_at)'],
  ['statement_draft', 'insert, update (state, statement_id, closed_at)'],
  ['statement_draft_page', 'insert, delete, update (lines, line_count)'],
  ['reversal_request', 'insert'],
  ['payment_notification', 'select'],
] as const;

async function ifTenantExists(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  const [role] = (await runner.query(
    `select from pg_roles where rolname = 'malipo_tenant'`,
  )) as object[];
  if (role === undefined) return;
  for (const statement of statements) await runner.query(statement);
}

export class WriteAsTenant1764000000160 implements MigrationInterface {
  readonly name = 'WriteAsTenant1764000000160';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function taken_numbers(numbers text[]) returns setof text
      language sql stable security definer set search_path = public, pg_temp as $$
        select n.number from unnest(numbers) as n (number)
         where exists (select from control_number c where c.number = n.number)
            or exists (select from imported_number_range r
                        where n.number between r.first_number and r.last_number)
      $$`);
    await runner.query(`
      create function raise_alarm(alarm_kind text, alarm_subject text, alarm_detail text) returns void
      language sql volatile security definer set search_path = public, pg_temp as $$
        insert into alarm (kind, subject, detail) values (alarm_kind, alarm_subject, alarm_detail)
        on conflict (kind, subject) where acknowledged_at is null do nothing
      $$`);
    // Volatile, so that it sees a bill that the same statement has just added, as a plain condition would not.
    await runner.query(`
      create function is_bill_of_party(asked uuid) returns boolean language sql volatile as $$
        select exists (select from bill b where b.id = asked and b.sp_id = ${party})
      $$`);
    await ifTenantExists(runner, [
      ...ownRows.flatMap(([table, condition]) => [
        `alter table ${table} enable row level security`,
        `create policy ${table}_system on ${table} to malipo_system using (true) with check (true)`,
        `create policy ${table}_of_party on ${table} to malipo_tenant using (${condition})`,
      ]),
      `create policy bill_item_of_new_bill on bill_item for insert to malipo_tenant
         with check (is_bill_of_party(bill_id))`,
      // A PSP sees the payments that it told us of; what they were allotted to stays with the institutions.
      `create policy payment_of_psp on payment for select to malipo_tenant using (psp_id = ${party})`,
      ...granted.map(([name, what]) =>
        name.endsWith('_seq')
          ? `grant ${what} on sequence ${name} to malipo_tenant`
          : `grant ${what} on ${name} to malipo_tenant`,
      ),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await ifTenantExists(runner, [
      ...granted.map(([name, what]) =>
        name.endsWith('_seq')
          ? `revoke ${what} on sequence ${name} from malipo_tenant`
          : `revoke ${what} on ${name} from malipo_tenant`,
      ),
      `drop policy payment_of_psp on payment`,
      `drop policy bill_item_of_new_bill on bill_item`,
      ...ownRows.flatMap(([table]) => [
        `drop policy ${table}_of_party on ${table}`,
        `drop policy ${table}_system on ${table}`,
        `alter table ${table} disable row level security`,
      ]),
    ]);
    await runner.query(`
      drop function is_bill_of_party(uuid);
      drop function raise_alarm(text, text, text);
      drop function taken_numbers(text[])`);
  }
}
