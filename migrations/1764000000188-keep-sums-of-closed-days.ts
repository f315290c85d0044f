/**
 * What each account came to on each closed day, and ever up to it. A closed day never changes, so its postings need not
 * be added up again: the trial balance, and what is on its way, read a row of each account and the postings of the open
 * days, however old the books are. Kept in the transaction that closes a day; those closed before are added up here, in
 * seconds for a million postings. Locks nothing that exists. Back: `down` drops the table.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepSumsOfClosedDays1764000000188 implements MigrationInterface {
  readonly name = 'KeepSumsOfClosedDays1764000000188';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table account_day (
        account_id integer not null references ledger_account,
        business_day date not null,
        debit_minor bigint not null,
        credit_minor bigint not null,
        debit_total_minor bigint not null,
        credit_total_minor bigint not null,
        primary key (account_id, business_day)
      )`);
    await runner.query(`create index account_day_by_day on account_day (business_day)`);
    await runner.query(`
      insert into account_day
      select account_id, business_day, debit, credit,
             sum(debit) over running, sum(credit) over running
        from (select account_id, business_day, sum(debit_minor)::bigint as debit, sum(credit_minor)::bigint as credit
                from posting where business_day <= (select max(day) from closed_day)
               group by account_id, business_day) p
      window running as (partition by account_id order by business_day)`);
    await runner.query(`
      select make_append_only('account_day'), grant_to('malipo_system', 'select, insert', 'account_day')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table account_day`);
  }
}
