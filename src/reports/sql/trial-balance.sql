-- Every account that has a balance or moved: before the period, in it, after it. A balance is debit less credit, so that
-- all of a currency add up to zero. Closed days come from their kept sums, the days after them from the postings.
-- $1 date first day; $2 date last day; $3 text currency or null
-- returns: per account and currency, in minor units
-- locks: nothing; relies on account_day_pkey
with summed as materialized (
  select coalesce(max(business_day), '-infinity'::date) as day from account_day
), moved as (
  select p.account_id,
         coalesce(sum(p.debit_minor - p.credit_minor) filter (where p.business_day < $1::date), 0) as opening,
         coalesce(sum(p.debit_minor) filter (where p.business_day >= $1), 0) as debit,
         coalesce(sum(p.credit_minor) filter (where p.business_day >= $1), 0) as credit
    from posting p
   where p.business_day > (select day from summed) and p.business_day <= $2::date
   group by p.account_id
), both_ends as (
  select a.name as account, a.currency,
         coalesce(o.debit_total_minor - o.credit_total_minor, 0) + coalesce(m.opening, 0) as opening,
         coalesce(c.debit_total_minor, 0) - coalesce(o.debit_total_minor, 0) + coalesce(m.debit, 0) as debit,
         coalesce(c.credit_total_minor, 0) - coalesce(o.credit_total_minor, 0) + coalesce(m.credit, 0) as credit
    from ledger_account a
    left join moved m on m.account_id = a.id
    left join lateral (select d.debit_total_minor, d.credit_total_minor from account_day d
                        where d.account_id = a.id and d.business_day < $1
                        order by d.business_day desc limit 1) o on true
    left join lateral (select d.account_id, d.debit_total_minor, d.credit_total_minor from account_day d
                        where d.account_id = a.id and d.business_day <= $2
                        order by d.business_day desc limit 1) c on true
   where ($3::text is null or a.currency = $3)
     and (m.account_id is not null or c.account_id is not null)
)
select account, currency, opening::bigint as opening, debit::bigint as debit, credit::bigint as credit,
       (opening + debit - credit)::bigint as closing
  from both_ends
 order by currency, account;
