-- What was paid to a PSP, by collection account and clearing day, with the fees of payments one by one. A payment from the
-- cut-off of its day on is cleared with the next day; a part of a combined bill counts for its own account, by the terms of
-- that account if there are any, else by those of the PSP. Each payment is read once and meets only the few terms of its
-- days, so that the time grows with the payments.
-- $1 date first clearing day; $2 date last clearing day
-- returns: PSP, account, currency, clearing day, count, sum and fees per transaction in minor units
-- locks: nothing; relies on payment_by_day, payment_allocation_pkey
with agreed as materialized (
  select distinct on (s.psp_id, s.currency, s.collection_account, d.day)
         row_number() over () as id, s.*, d.day::date as day,
         (d.day + s.cutoff_minutes * interval '1 minute') at time zone 'Africa/Dar_es_Salaam' as cutoff_at
    from settlement_terms s
   cross join generate_series(($1::date - 1)::timestamp, ($2::date + 1)::timestamp, interval '1 day') as d (day)
   where s.valid_from <= d.day
   order by s.psp_id, s.currency, s.collection_account, d.day, s.valid_from desc
), part as (
  select p.psp_id, coalesce(nullif(a.collection_account, ''), p.collection_account) as account, p.currency, p.business_day,
         p.received_at, coalesce(a.principal_minor + a.surplus_minor, p.amount_minor) as amount_minor
    from payment p
    left join payment_allocation a on a.payment_id = p.id
   where p.psp_id = any (array (select y.id from party y where y.kind = 'payment-service-provider'))
     and p.business_day between $1::date - 1 and $2::date
), placed as (
  select p.psp_id, p.account, p.currency, p.amount_minor,
         case when p.received_at < coalesce(own.cutoff_at, every.cutoff_at, 'infinity') then p.business_day
              else p.business_day + 1 end as clearing_day
    from part p
    left join agreed own on (own.psp_id, own.currency, own.collection_account, own.day)
                          = (p.psp_id, p.currency, p.account, p.business_day)
    left join agreed every on (every.psp_id, every.currency, every.collection_account, every.day)
                            = (p.psp_id, p.currency, '', p.business_day)
)
select p.psp_id as "pspId", p.account as "collectionAccount", p.currency, p.clearing_day as "clearingDay",
       count(*)::integer as "paymentCount", sum(p.amount_minor)::bigint as "paidMinor",
       coalesce(sum(least(greatest(t.fee_flat_minor + div(p.amount_minor::numeric * t.fee_per_million + 500000, 1000000), t.fee_min_minor),
                          t.fee_max_minor)) filter (where t.fee_basis = 'transaction'), 0)::bigint as "transactionFeesMinor"
  from placed p
  left join agreed own on (own.psp_id, own.currency, own.collection_account, own.day)
                        = (p.psp_id, p.currency, p.account, p.clearing_day)
  left join agreed every on (every.psp_id, every.currency, every.collection_account, every.day)
                          = (p.psp_id, p.currency, '', p.clearing_day)
  left join agreed t on t.id = coalesce(own.id, every.id)
 where p.clearing_day between $1::date and $2::date
 group by p.psp_id, p.account, p.currency, p.clearing_day;
