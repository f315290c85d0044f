-- Open discrepancies by PSP, kind and currency, counted by their age at the end of a day. One of a closed day that a later
-- day goes on with counts there.
-- $1 date the day; $2 text PSP code or null; $3 text currency or null
-- returns: counts by age, the oldest day, and both sides' amounts in minor units
-- locks: nothing
select coalesce(p.code, '') as psp, d.kind, d.currency, count(*) as open,
       count(*) filter (where $1::date - d.business_day <= 1) as "toOneDay",
       count(*) filter (where $1 - d.business_day between 2 and 7) as "toSevenDays",
       count(*) filter (where $1 - d.business_day between 8 and 30) as "toThirtyDays",
       count(*) filter (where $1 - d.business_day > 30) as older,
       min(d.business_day) as oldest,
       coalesce(sum(d.their_amount_minor), 0)::bigint as theirs,
       coalesce(sum(d.our_amount_minor), 0)::bigint as ours
  from discrepancy d left join party p on p.id = d.psp_id
 where d.state not in ('resolved', 'withdrawn') and d.business_day <= $1
   and not exists (select from discrepancy_carry c where c.discrepancy_id = d.id)
   and ($2::text is null or p.code = $2)
   and ($3::text is null or d.currency = $3)
 group by p.code, d.kind, d.currency
 order by p.code nulls last, d.kind, d.currency;
