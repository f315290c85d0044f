-- What was collected for one institution, by business day and PSP, what of it was given back whenever it was, and how much
-- of the rest is at the bank: money counts as settled when the clearing that it belongs to came whole.
-- $1 date first day; $2 date last day; $3 text SP code; $4 text PSP or null; $5 text currency or null
-- returns: per day, PSP and currency, amounts in minor units
-- Closed days come from their kept sums, the days after them from the payments.
-- locks: nothing; relies on payment_by_business_day, institution_day_pkey
select c.business_day as day, y.code as psp, y.name, c.currency, c.payment_count as payments,
       c.collected_minor as collected, -c.reversed_minor as "takenBack", -c.refunded_minor as refunded,
       c.settled_minor as settled, c.in_transit_minor as "inTransit"
  from collected_of((select id from party where code = $3::text), $1::date, $2::date) c
  join party y on y.id = c.psp_id
 where ($4::text is null or y.code = $4) and ($5::text is null or c.currency = $5)
 order by c.business_day, y.code collate "C", c.currency;
