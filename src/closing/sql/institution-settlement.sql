-- What was collected for an institution in a period, by currency and PSP, what of it was taken back, and how much of it is
-- at the bank: money counts as settled when the clearing that it belongs to came whole, for part of a sum that is short
-- is nobody's in particular.
-- $1 integer institution; $2 date first day; $3 date last day
-- returns: per currency and PSP, in minor units
-- locks: nothing
with part as (
  select p.id, p.psp_id, coalesce(nullif(a.collection_account, ''), p.collection_account) as account, p.currency,
         p.business_day, a.principal_minor + a.surplus_minor as amount_minor,
         coalesce((select sum(t.principal_minor + t.surplus_minor)
                     from payment_reversal r join payment_reversal_part t on t.reversal_id = r.id
                    where r.payment_id = p.id and t.sp_id = $1 and t.bill_id = a.bill_id), 0)::bigint as back_minor,
         extract(epoch from (p.received_at at time zone 'Africa/Dar_es_Salaam')::time) / 60 as minute
    from payment_allocation a join payment p on p.id = a.payment_id
   where a.sp_id = $1 and p.business_day between $2::date and $3::date
), placed as (
  select p.*, p.business_day + (p.minute >= coalesce(t.cutoff_minutes, 1440))::integer as clearing_day
    from part p
    left join lateral (
      select s.cutoff_minutes from settlement_terms s
       where s.psp_id = p.psp_id and s.currency = p.currency and s.collection_account in (p.account, '')
         and s.valid_from <= p.business_day
       order by s.collection_account <> '' desc, s.valid_from desc limit 1) t on true
)
select p.currency, y.code as "pspCode", sum(p.amount_minor)::bigint as "collectedMinor",
       sum(p.back_minor)::bigint as "reversedMinor",
       coalesce(sum(p.amount_minor - p.back_minor) filter (where e.open_minor <= 0), 0)::bigint as "settledMinor",
       coalesce(sum(p.amount_minor - p.back_minor) filter (where e.open_minor is null or e.open_minor > 0), 0)::bigint
         as "inTransitMinor"
  from placed p
  join party y on y.id = p.psp_id
  left join expectation_state e on e.psp_id = p.psp_id and e.collection_account = p.account
                               and e.currency = p.currency and e.clearing_day = p.clearing_day
 group by p.currency, y.code
 order by p.currency, y.code collate "C";
