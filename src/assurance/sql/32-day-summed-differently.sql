-- Kept sums of closed days that are not what the books come to: those of accounts, on the day or ever up to it; those of
-- collections by account; those of institutions.
-- $1 date first business day looked at
-- returns: key, account or institution and day
-- locks: nothing
with kept as (
  select account_id, business_day, debit_minor, credit_minor,
         debit_total_minor - coalesce(lag(debit_total_minor) over running, 0) as debit_step,
         credit_total_minor - coalesce(lag(credit_total_minor) over running, 0) as credit_step
    from account_day window running as (partition by account_id order by business_day)
), last as materialized (
  select (select max(business_day) from account_day) as of_accounts,
         (select max(business_day) from collection_day) as of_collections,
         (select max(business_day) from institution_day) as of_institutions
), posted as materialized (
  select account_id, business_day, sum(debit_minor) as debit_minor, sum(credit_minor) as credit_minor
    from posting
   where business_day >= $1 and business_day <= (select greatest(of_accounts, of_collections) from last)
   group by account_id, business_day
)
select a.name || ' ' || coalesce(k.business_day, p.business_day) as key
  from (select * from kept where business_day >= $1) k
  full join (select * from posted where business_day <= (select of_accounts from last)) p
    on p.account_id = k.account_id and p.business_day = k.business_day
  join ledger_account a on a.id = coalesce(k.account_id, p.account_id)
 where (k.debit_minor, k.credit_minor, k.debit_step, k.credit_step)
       is distinct from (p.debit_minor, p.credit_minor, p.debit_minor, p.credit_minor)
union all
select 'collections ' || a.name || ' ' || coalesce(k.business_day, p.business_day)
  from (select account_id, business_day, sum(debit_minor) as debit_minor, sum(credit_minor) as credit_minor
          from collection_day where business_day >= $1 group by account_id, business_day) k
  full join (select o.* from posted o join ledger_account l on l.id = o.account_id
              where o.business_day <= (select of_collections from last)
                and l.kind in ('sp-payable', 'sp-surplus', 'suspense')) p
    on p.account_id = k.account_id and p.business_day = k.business_day
  join ledger_account a on a.id = coalesce(k.account_id, p.account_id)
 where (k.debit_minor, k.credit_minor) is distinct from (p.debit_minor, p.credit_minor)
union all
select y.code || ' ' || coalesce(k.business_day, p.business_day)
  from (select sp_id, business_day, sum(collected_minor) as collected_minor
          from institution_day where business_day >= $1 group by sp_id, business_day) k
  full join (select a.sp_id, o.business_day, sum(a.principal_minor + a.surplus_minor) as collected_minor
               from payment o join payment_allocation a on a.payment_id = o.id
              where o.destination = 'bill' and o.business_day >= $1
                and o.business_day <= (select of_institutions from last)
              group by a.sp_id, o.business_day) p
    on p.sp_id = k.sp_id and p.business_day = k.business_day
  join party y on y.id = coalesce(k.sp_id, p.sp_id)
 where k.collected_minor is distinct from p.collected_minor
