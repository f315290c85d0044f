/**
 * What officers search bills and payments by, so that a search of millions reads no table from end to end: phone and
 * the beginning of the name, amount, PSP reference, day; and bills in the rare states. The extension that finds any part
 * of a name is not on every server, so names are found by how they begin. Empty phones, names and references are left
 * out. Locks `bill` and `payment` against writes while the indexes are built, about ten seconds for a million rows.
 * Back: `down` drops them.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const indexes = {
  bill_by_day: 'bill (business_day_of(created_at), id)',
  bill_by_amount: 'bill (amount_minor)',
  bill_by_phone: `bill (payer_phone) where payer_phone <> ''`,
  bill_by_name: `bill (lower(payer_name) text_pattern_ops) where payer_name <> ''`,
  bill_in_rare_state: `bill (state, id) where state in ('partly-paid', 'cancelled', 'expired')`,
  payment_by_business_day: 'payment (business_day, id)',
  payment_by_amount: 'payment (amount_minor)',
  payment_by_phone: `payment (payer_phone) where payer_phone <> ''`,
  payment_by_name: `payment (lower(payer_name) text_pattern_ops) where payer_name <> ''`,
  payment_by_reference: `payment (psp_reference) where psp_reference <> ''`,
} as const;

export class IndexSearches1764000000185 implements MigrationInterface {
  readonly name = 'IndexSearches1764000000185';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, on] of Object.entries(indexes))
      await runner.query(`create index ${name} on ${on}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index ${Object.keys(indexes).join(', ')}`);
  }
}
