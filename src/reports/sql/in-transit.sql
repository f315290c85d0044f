-- Funds in transit at the end of a day: what each PSP has collected for each account and not brought to the bank, by the
-- day it was collected on. What came to the bank is taken to be the oldest, so that what is left is the newest.
-- $1 date the day; $2 text PSP code or null; $3 text currency or null
-- returns: per PSP, collection account, currency and day still open: age in days, collected and open in minor units;
--   a balance below zero has no day
-- Closed days come from their kept sums, the days after them from the postings.
-- locks: nothing
with summed as materialized (
  select coalesce(max(business_day), '-infinity'::date) as day from account_day
), moved as (
  select a.name, a.currency, h.business_day, h.debit_minor, h.credit_minor
    from ledger_account a
   cross join lateral (
     select d.business_day, d.debit_minor, d.credit_minor
       from account_day d where d.account_id = a.id and d.business_day <= $1::date
     union all
     select p.business_day, sum(p.debit_minor), sum(p.credit_minor)
       from posting p
      where p.account_id = a.id and p.business_day > (select day from summed) and p.business_day <= $1
      group by p.business_day) h
   where a.kind = 'psp-receivable'
     and ($2::text is null or split_part(a.name, ':', 2) = $2)
     and ($3::text is null or a.currency = $3)
), aged as (
  select name, currency, business_day, debit_minor,
         sum(debit_minor - credit_minor) over (partition by name, currency) as open_minor,
         sum(debit_minor) over (partition by name, currency order by business_day desc) - debit_minor as newer_minor
    from moved
), left_over as (
  select name, currency, business_day, debit_minor as collected,
         greatest(0, least(debit_minor, open_minor - newer_minor)) as in_transit
    from aged
  union all
  select distinct name, currency, null::date, 0::numeric, open_minor from aged where open_minor < 0
)
select split_part(l.name, ':', 2) as psp, coalesce(p.name, '') as name, split_part(l.name, ':', 3) as account,
       l.business_day as day, ($1 - l.business_day)::bigint as age, l.currency,
       l.collected::bigint as collected, l.in_transit::bigint as "inTransit"
  from left_over l left join party p on p.code = split_part(l.name, ':', 2)
 where l.in_transit <> 0
 order by l.name, l.currency, l.business_day;
