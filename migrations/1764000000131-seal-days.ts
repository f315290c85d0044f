/**
 * The sealed record of each closed day: what it came to, as canonical JSON that names the record before, its SHA-256,
 * and the digest over everything that the day holds. Locks nothing that exists. Back: `down` drops it. Rules: rulings.md
 * §6; product.md §7 (two officers).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SealDays1764000000131 implements MigrationInterface {
  readonly name = 'SealDays1764000000131';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table day_seal (
        day date primary key references closed_day,
        content text not null,
        hash bytea not null,
        previous_hash bytea not null check (length(previous_hash) = 32),
        digest bytea not null check (length(digest) = 32),
        line_count bigint not null check (line_count >= 0),
        proposed_by text not null,
        approved_by text not null,
        sealed_at timestamptz not null default gateway_now(),
        constraint day_seal_hash_check check (hash = sha256(convert_to(content, 'UTF8'))),
        constraint day_seal_two_officers_check check (proposed_by <> approved_by)
      )`);
    await runner.query(
      `select make_append_only('day_seal'), grant_to('malipo_system', 'select, insert', 'day_seal')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table day_seal`);
  }
}
