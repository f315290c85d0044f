/**
 * What was collected on each closed day, as reports ask for it, so that a report of years reads rows of days and not
 * payments. `collection_day` holds the entries of a day by what they are alike in: the PSP, the channel, and which
 * accounts of institutions and of suspense they moved (`shape` numbers that within the day); so entries can be counted by
 * any of them. `institution_day` holds what came for an institution by PSP, account and clearing; money that was in
 * suspense is left out of it, since it may find its bill later, and whatever else may still change is read beside it
 * (`collected_of`). Terms that reach back move payments to another clearing: `cutoff_minutes` says by which the day was
 * put together. Kept in the transaction that closes a day; those closed before are added up here, in about a minute for a
 * million payments. Both functions join by hash alone: planned before there is anything to count, nested loops over the
 * entries of a day took ten seconds for 20,000. Locks nothing that exists. Back: `down` drops both.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Kinds of accounts that say for whom money was collected. */
const owed = `('sp-payable', 'sp-surplus', 'suspense')`;

export class KeepCollectionsOfClosedDays1764000000220 implements MigrationInterface {
  readonly name = 'KeepCollectionsOfClosedDays1764000000220';

  async up(runner: QueryRunner): Promise<void> {
    await this.createCollections(runner);
    await this.createInstitutions(runner);
    await runner.query(`
      select keep_collections(c.day), keep_institution_days(c.day)
        from (select max(day) as day from closed_day) c where c.day is not null`);
  }

  private async createCollections(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table collection_day (
        business_day date not null,
        shape integer not null,
        account_id integer not null references ledger_account,
        psp text,
        channel text,
        entry_count integer not null,
        credit_minor bigint not null,
        debit_minor bigint not null,
        primary key (business_day, shape, account_id)
      )`);
    await runner.query(`
      create function keep_collections(until date) returns void language sql set enable_nestloop = off as $$
        insert into collection_day
          (business_day, shape, account_id, psp, channel, entry_count, credit_minor, debit_minor)
        with since as materialized (
          select coalesce(max(business_day), '-infinity'::date) as day from collection_day
        ), moved as (
          select p.business_day, p.entry_id, p.account_id, sum(p.credit_minor) as credit_minor, sum(p.debit_minor) as debit_minor
            from posting p join ledger_account a on a.id = p.account_id
           where p.business_day > (select day from since) and p.business_day <= until and a.kind in ${owed}
           group by p.business_day, p.entry_id, p.account_id
        ), held as (
          select p.entry_id,
                 coalesce(min(split_part(a.name, ':', 2)) filter (where a.kind <> 'suspense'),
                          min(split_part(a.name, ':', 2))) as psp
            from posting p join ledger_account a on a.id = p.account_id
           where p.business_day > (select day from since) and p.business_day <= until
             and a.kind in ('psp-receivable', 'disputed-receivable', 'suspense')
           group by p.entry_id
        ), entry as (
          select m.business_day, m.entry_id, array_agg(m.account_id order by m.account_id) as accounts
            from moved m group by m.business_day, m.entry_id
        ), shaped as (
          select e.business_day, e.entry_id, h.psp, y.channel,
                 dense_rank() over (partition by e.business_day order by h.psp, y.channel, e.accounts) as shape
            from entry e
            join ledger_entry l on l.id = e.entry_id and l.business_day > (select day from since) and l.business_day <= until
            left join held h on h.entry_id = e.entry_id
            left join payment y on y.id = case when l.source_kind = 'payment' then l.source_id::uuid end
             and y.business_day > (select day from since) and y.business_day <= until
        )
        select s.business_day, s.shape, m.account_id, s.psp, s.channel, count(*), sum(m.credit_minor), sum(m.debit_minor)
          from shaped s join moved m on m.entry_id = s.entry_id and m.business_day = s.business_day
         group by s.business_day, s.shape, m.account_id, s.psp, s.channel
      $$`);
    await runner.query(`
      select make_append_only('collection_day'), grant_to('malipo_system', 'select, insert', 'collection_day')`);
  }

  private async createInstitutions(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table institution_day (
        sp_id integer not null references party,
        business_day date not null,
        psp_id integer not null references party,
        currency text not null,
        collection_account text not null,
        is_after_cutoff boolean not null,
        cutoff_minutes integer not null,
        payment_count integer not null,
        part_count integer not null,
        collected_minor bigint not null,
        last_received_at timestamptz not null,
        primary key (sp_id, business_day, psp_id, currency, collection_account, is_after_cutoff)
      )`);
    await runner.query(`create index institution_day_by_day on institution_day (business_day)`);
    // A payment of several parts for one institution is counted with the first of them.
    await runner.query(`
      create function keep_institution_days(until date) returns void language sql set enable_nestloop = off as $$
        insert into institution_day (sp_id, business_day, psp_id, currency, collection_account, is_after_cutoff,
                                     cutoff_minutes, payment_count, part_count, collected_minor, last_received_at)
        with since as materialized (
          select coalesce(max(business_day), '-infinity'::date) as day from institution_day
        ), agreed as materialized (
          select distinct on (s.psp_id, s.currency, s.collection_account, d.day)
                 s.psp_id, s.currency, s.collection_account, d.day::date as day, s.cutoff_minutes
            from settlement_terms s
           cross join generate_series(
             (select min(business_day) from payment where business_day > (select day from since))::timestamp,
             until::timestamp, interval '1 day') as d (day)
           where s.valid_from <= d.day
           order by s.psp_id, s.currency, s.collection_account, d.day, s.valid_from desc
        ), part as (
          select a.sp_id, p.business_day, p.psp_id, p.currency, p.received_at,
                 coalesce(nullif(a.collection_account, ''), p.collection_account) as account,
                 extract(epoch from (p.received_at at time zone 'Africa/Dar_es_Salaam')::time) / 60 as minute,
                 a.principal_minor + a.surplus_minor as collected_minor,
                 row_number() over (partition by a.sp_id, a.payment_id order by a.bill_id) = 1 as is_first
            from payment p join payment_allocation a on a.payment_id = p.id
           where p.destination = 'bill' and p.business_day > (select day from since) and p.business_day <= until
        ), placed as (
          select p.*, coalesce(own.cutoff_minutes, every.cutoff_minutes, 1440) as cutoff_minutes
            from part p
            left join agreed own on (own.psp_id, own.currency, own.collection_account, own.day)
                                  = (p.psp_id, p.currency, p.account, p.business_day)
            left join agreed every on (every.psp_id, every.currency, every.collection_account, every.day)
                                    = (p.psp_id, p.currency, '', p.business_day)
        )
        select sp_id, business_day, psp_id, currency, account, minute >= cutoff_minutes, cutoff_minutes,
               count(*) filter (where is_first), count(*), sum(collected_minor), max(received_at)
          from placed
         group by sp_id, business_day, psp_id, currency, account, minute >= cutoff_minutes, cutoff_minutes
      $$`);
    await runner.query(`
      select make_append_only('institution_day'), grant_to('malipo_system', 'select, insert', 'institution_day')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function keep_institution_days(date);
      drop function keep_collections(date);
      drop table institution_day;
      drop table collection_day`);
  }
}
