-- What was collected for an institution in a period, by currency and PSP, what of it was given back, and how much of the
-- rest is at the bank: money counts as settled when the clearing that it belongs to came whole, for part of a sum that is
-- short is nobody's in particular.
-- $1 integer institution; $2 date first day; $3 date last day
-- returns: per currency and PSP, in minor units
-- locks: nothing; relies on payment_by_business_day, institution_day_pkey
select c.currency, y.code as "pspCode", sum(c.collected_minor)::bigint as "collectedMinor",
       sum(c.reversed_minor)::bigint as "reversedMinor", sum(c.refunded_minor)::bigint as "refundedMinor",
       sum(c.settled_minor)::bigint as "settledMinor", sum(c.in_transit_minor)::bigint as "inTransitMinor"
  from collected_of($1::integer, $2::date, $3::date) c
  join party y on y.id = c.psp_id
 group by c.currency, y.code
 order by c.currency, y.code collate "C";
