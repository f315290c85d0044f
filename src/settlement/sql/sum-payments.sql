-- What was paid to a PSP, by collection account and clearing day, with the fees of payments one by one. A payment from the
-- cut-off of its day on is cleared with the next day; a part of a combined bill counts for its own account.
-- $1 date first clearing day; $2 date last clearing day
-- returns: PSP, account, currency, clearing day, count, sum and fees per transaction in minor units
-- locks: nothing; relies on payment_by_day, payment_allocation_pkey, settlement_terms_pkey
with part as (
  select p.psp_id, coalesce(nullif(a.collection_account, ''), p.collection_account) as account, p.currency, p.business_day,
         coalesce(a.principal_minor + a.surplus_minor, p.amount_minor) as amount_minor,
         extract(epoch from (p.received_at at time zone 'Africa/Dar_es_Salaam')::time) / 60 as minute
    from party y
    join payment p on p.psp_id = y.id and p.business_day between $1::date - 1 and $2::date
    left join payment_allocation a on a.payment_id = p.id
   where y.kind = 'payment-service-provider'
), place as (
  select distinct psp_id, account, currency from part
), agreed as (
  select l.*, d.day::date as day, t.cutoff_minutes, t.fee_basis, t.fee_flat_minor, t.fee_per_million, t.fee_min_minor, t.fee_max_minor
    from place l
   cross join generate_series($1::date - 1, $2::date + 1, interval '1 day') as d (day)
    left join lateral (
      select * from settlement_terms s
       where s.psp_id = l.psp_id and s.currency = l.currency and s.collection_account in (l.account, '')
         and s.valid_from <= d.day
       order by s.collection_account <> '' desc, s.valid_from desc limit 1) t on true
), placed as (
  select p.*, case when p.minute < coalesce(g.cutoff_minutes, 1440) then p.business_day else p.business_day + 1 end as clearing_day
    from part p
    join agreed g on g.psp_id = p.psp_id and g.account = p.account and g.currency = p.currency and g.day = p.business_day
)
select p.psp_id as "pspId", p.account as "collectionAccount", p.currency, p.clearing_day as "clearingDay",
       count(*)::integer as "paymentCount", sum(p.amount_minor)::bigint as "paidMinor",
       coalesce(sum(least(greatest(g.fee_flat_minor + div(p.amount_minor::numeric * g.fee_per_million + 500000, 1000000), g.fee_min_minor),
                          g.fee_max_minor)) filter (where g.fee_basis = 'transaction'), 0)::bigint as "transactionFeesMinor"
  from placed p
  join agreed g on g.psp_id = p.psp_id and g.account = p.account and g.currency = p.currency and g.day = p.clearing_day
 where p.clearing_day between $1::date and $2::date
 group by p.psp_id, p.account, p.currency, p.clearing_day;
