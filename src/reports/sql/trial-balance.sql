-- Every account that has a balance or moved: before the period, in it, after it. A balance is debit less credit, so that
-- all of a currency add up to zero.
-- $1 date first day; $2 date last day; $3 text currency or null
-- returns: per account and currency, in minor units
-- locks: nothing
select a.name as account, a.currency,
       coalesce(sum(p.debit_minor - p.credit_minor) filter (where p.business_day < $1::date), 0)::bigint as opening,
       coalesce(sum(p.debit_minor) filter (where p.business_day >= $1), 0)::bigint as debit,
       coalesce(sum(p.credit_minor) filter (where p.business_day >= $1), 0)::bigint as credit,
       sum(p.debit_minor - p.credit_minor)::bigint as closing
  from posting p join ledger_account a on a.id = p.account_id
 where p.business_day <= $2::date and ($3::text is null or a.currency = $3)
 group by a.id
 order by a.currency, a.name;
