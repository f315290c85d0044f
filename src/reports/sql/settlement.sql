-- What was collected for one institution, by business day and PSP, what of it was given back whenever it was, and how much
-- of the rest is at the bank: money counts as settled when the clearing that it belongs to came whole.
-- $1 date first day; $2 date last day; $3 text SP code; $4 text PSP or null; $5 text currency or null
-- returns: per day, PSP and currency, amounts in minor units
-- locks: nothing
select c.business_day as day, y.code as psp, y.name, c.currency, count(distinct c.payment_id) as payments,
       sum(c.collected_minor)::bigint as collected, -sum(c.reversed_minor)::bigint as "takenBack",
       -sum(c.refunded_minor)::bigint as refunded,
       coalesce(sum(c.collected_minor - c.reversed_minor - c.refunded_minor) filter (where c.is_settled), 0)::bigint
         as settled,
       coalesce(sum(c.collected_minor - c.reversed_minor - c.refunded_minor) filter (where not c.is_settled), 0)::bigint
         as "inTransit"
  from collected_part c
  join party y on y.id = c.psp_id
 where c.sp_id = (select id from party where code = $3::text) and c.business_day between $1::date and $2::date
   and ($4::text is null or y.code = $4) and ($5::text is null or c.currency = $5)
 group by c.business_day, y.code, y.name, c.currency
 order by c.business_day, y.code collate "C", c.currency;
