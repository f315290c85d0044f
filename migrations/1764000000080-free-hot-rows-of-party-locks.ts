/**
 * The rows of a payment no longer check their party and their ledger account by foreign key. Every such check locks
 * the one row that all payments of a PSP or an institution share: two batches then keep a list of lockers on it, and
 * six of a payment's eleven checks were of this kind. In their place parties can no more be deleted than accounts,
 * which were append-only before, and the ids come from rows that the same transaction read.
 * Locks the tables for the time of the change. Back: `down` checks every row again.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const freed = [
  ['payment', 'psp_id', 'party'],
  ['payment_allocation', 'sp_id', 'party'],
  ['payment_notification', 'psp_id', 'party'],
  ['delivery', 'recipient_id', 'party'],
  ['inbound_message', 'party_id', 'party'],
  ['posting', 'account_id', 'ledger_account'],
] as const;

export class FreeHotRowsOfPartyLocks1764000000080 implements MigrationInterface {
  readonly name = 'FreeHotRowsOfPartyLocks1764000000080';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create trigger party_stays before delete on party for each row execute function refuse_change()`);
    for (const [table, column] of freed) {
      await runner.query(`alter table ${table} drop constraint ${table}_${column}_fkey`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, column, parent] of freed) {
      await runner.query(`alter table ${table} add foreign key (${column}) references ${parent}`);
    }
    await runner.query(`drop trigger party_stays on party`);
  }
}
