/**
 * What `collected_part` comes to for one institution over some days, by day, PSP and currency: the report of settlement
 * and the sums over /v1 ask this. Days that are kept (`institution_day`) are not read payment by payment, but for a PSP's
 * day of which the kept sums cannot say what is at the bank: terms that reach back, or a clearing that came whole and was
 * computed before its last payment. What was taken back or given back, and what left suspense for a bill, is read payment
 * by payment, for it is little. Locks nothing. Back: `down` drops it. Rules: product.md §5, §8; rulings.md §8.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of the kept days: each row with whether it is at the bank. */
const kept = `
  select k.*, coalesce(t.cutoff_minutes, 1440) <> k.cutoff_minutes
                or (s.is_whole and s.computed_at < k.last_received_at) as is_doubtful,
         coalesce(s.is_whole, false) as is_settled
    from institution_day k
    left join lateral (
      select x.cutoff_minutes from settlement_terms x
       where x.psp_id = k.psp_id and x.currency = k.currency and x.collection_account in (k.collection_account, '')
         and x.valid_from <= k.business_day
       order by x.collection_account <> '' desc, x.valid_from desc limit 1) t on true
    left join lateral (
      select e.open_minor <= 0 and e.arrived_minor > 0 as is_whole, e.computed_at from expectation_state e
       where e.psp_id = k.psp_id and e.collection_account = k.collection_account and e.currency = k.currency
         and e.clearing_day = k.business_day + k.is_after_cutoff::integer) s on true
   where k.sp_id = institution and k.business_day between first_day and last_day`;

/** Of the days after them, payment by payment, each met with its terms and its clearing by hash. */
const live = `
  select p.business_day, p.psp_id, p.currency, e.id as expectation_id,
         coalesce(e.computed_at >= p.received_at, false) as is_computed,
         count(*) filter (where p.is_first) as payment_count, sum(p.collected_minor) as collected_minor
    from (select o.psp_id, o.business_day, o.currency, o.received_at,
                 coalesce(nullif(a.collection_account, ''), o.collection_account) as account,
                 extract(epoch from (o.received_at at time zone 'Africa/Dar_es_Salaam')::time) / 60 as minute,
                 a.principal_minor + a.surplus_minor as collected_minor,
                 row_number() over (partition by o.id order by a.bill_id) = 1 as is_first
            from payment o join payment_allocation a on a.payment_id = o.id and a.sp_id = institution
           where o.business_day > (select day from closed) and o.business_day between first_day and last_day) p
    left join agreed own on (own.psp_id, own.currency, own.collection_account, own.day)
                          = (p.psp_id, p.currency, p.account, p.business_day)
    left join agreed every on (every.psp_id, every.currency, every.collection_account, every.day)
                            = (p.psp_id, p.currency, '', p.business_day)
    left join expectation e
      on e.psp_id = p.psp_id and e.collection_account = p.account and e.currency = p.currency
     and e.clearing_day = p.business_day + (p.minute >= coalesce(own.cutoff_minutes, every.cutoff_minutes, 1440))::integer
   group by p.business_day, p.psp_id, p.currency, e.id, is_computed`;

export class SumCollectionsOfInstitutions1764000000221 implements MigrationInterface {
  readonly name = 'SumCollectionsOfInstitutions1764000000221';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function collected_of(institution integer, first_day date, last_day date)
      returns table (business_day date, psp_id integer, currency text, payment_count bigint, collected_minor bigint,
                     reversed_minor bigint, refunded_minor bigint, settled_minor bigint, in_transit_minor bigint)
      language sql stable as $$
        with closed as materialized (
          select coalesce(max(k.business_day), '-infinity'::date) as day from institution_day k
        ), agreed as materialized (
          select distinct on (s.psp_id, s.currency, s.collection_account, d.day)
                 s.psp_id, s.currency, s.collection_account, d.day::date as day, s.cutoff_minutes
            from settlement_terms s
           cross join generate_series(greatest(first_day, (select day from closed) + 1)::timestamp, last_day::timestamp,
                                      interval '1 day') as d (day)
           where s.valid_from <= d.day
           order by s.psp_id, s.currency, s.collection_account, d.day, s.valid_from desc
        ), kept as materialized (${kept}
        ), doubtful as materialized (
          select distinct k.business_day, k.psp_id, k.currency from kept k where k.is_doubtful
        ), live as materialized (${live}
        ), changed as materialized (
          select r.payment_id from payment_reversal r where r.business_day >= first_day
          union
          select f.payment_id from refund f where f.state <> 'returned'
          union
          select l.source_id::uuid from ledger_entry l where l.source_kind = 'placement' and l.business_day >= first_day
        ), part as (
          -- Kept: all of it, doubt apart.
          select k.business_day, k.psp_id, k.currency, k.payment_count, k.collected_minor,
                 0::bigint as reversed_minor, 0::bigint as refunded_minor, k.is_settled
            from kept k
           where not exists (select from doubtful d where (d.business_day, d.psp_id, d.currency)
                                                        = (k.business_day, k.psp_id, k.currency))
          union all
          select l.business_day, l.psp_id, l.currency, l.payment_count, l.collected_minor, 0, 0,
                 coalesce(l.is_computed and s.open_minor <= 0 and s.arrived_minor > 0, false)
            from live l left join expectation_state s on s.id = l.expectation_id
          union all
          -- In doubt: payment by payment, but for what left suspense, which follows.
          select c.business_day, c.psp_id, c.currency,
                 (row_number() over (partition by c.payment_id order by c.bill_id) = 1)::integer, c.collected_minor, 0, 0,
                 c.is_settled
            from doubtful d
            join collected_part c on c.psp_id = d.psp_id and c.business_day = d.business_day and c.currency = d.currency
            join payment p on p.id = c.payment_id and p.destination = 'bill'
           where c.sp_id = institution
          union all
          select c.business_day, c.psp_id, c.currency,
                 case when p.destination = 'suspense' and p.business_day <= (select day from closed)
                      then (row_number() over (partition by c.payment_id order by c.bill_id) = 1)::integer else 0 end,
                 case when p.destination = 'suspense' and p.business_day <= (select day from closed)
                      then c.collected_minor else 0 end,
                 c.reversed_minor, c.refunded_minor, c.is_settled
            from changed x
            join payment p on p.id = x.payment_id and p.business_day between first_day and last_day
            join collected_part c on c.payment_id = x.payment_id and c.sp_id = institution
        )
        select p.business_day, p.psp_id, p.currency, sum(p.payment_count)::bigint, sum(p.collected_minor)::bigint,
               sum(p.reversed_minor)::bigint, sum(p.refunded_minor)::bigint,
               coalesce(sum(p.collected_minor - p.reversed_minor - p.refunded_minor) filter (where p.is_settled), 0)::bigint,
               coalesce(sum(p.collected_minor - p.reversed_minor - p.refunded_minor) filter (where not p.is_settled), 0)::bigint
          from part p
         group by p.business_day, p.psp_id, p.currency
      $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function collected_of(integer, date, date)`);
  }
}
