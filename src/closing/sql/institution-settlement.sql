-- What was collected for an institution in a period, by currency and PSP, what of it was given back, and how much of the
-- rest is at the bank: money counts as settled when the clearing that it belongs to came whole, for part of a sum that is
-- short is nobody's in particular.
-- $1 integer institution; $2 date first day; $3 date last day
-- returns: per currency and PSP, in minor units
-- locks: nothing
select c.currency, y.code as "pspCode", sum(c.collected_minor)::bigint as "collectedMinor",
       sum(c.reversed_minor)::bigint as "reversedMinor", sum(c.refunded_minor)::bigint as "refundedMinor",
       coalesce(sum(c.collected_minor - c.reversed_minor - c.refunded_minor) filter (where c.is_settled), 0)::bigint
         as "settledMinor",
       coalesce(sum(c.collected_minor - c.reversed_minor - c.refunded_minor) filter (where not c.is_settled), 0)::bigint
         as "inTransitMinor"
  from collected_part c
  join party y on y.id = c.psp_id
 where c.sp_id = $1 and c.business_day between $2::date and $3::date
 group by c.currency, y.code
 order by c.currency, y.code collate "C";
