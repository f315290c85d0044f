-- Accounts whose kept sums of closed days are not what their postings come to, on the day or ever up to it.
-- $1 date first business day looked at
-- returns: key, account and day
-- locks: nothing
with kept as (
  select account_id, business_day, debit_minor, credit_minor,
         debit_total_minor - coalesce(lag(debit_total_minor) over running, 0) as debit_step,
         credit_total_minor - coalesce(lag(credit_total_minor) over running, 0) as credit_step
    from account_day window running as (partition by account_id order by business_day)
), posted as (
  select account_id, business_day, sum(debit_minor) as debit_minor, sum(credit_minor) as credit_minor
    from posting
   where business_day >= $1 and business_day <= (select max(business_day) from account_day)
   group by account_id, business_day
)
select a.name || ' ' || coalesce(k.business_day, p.business_day) as key
  from (select * from kept where business_day >= $1) k
  full join posted p on p.account_id = k.account_id and p.business_day = k.business_day
  join ledger_account a on a.id = coalesce(k.account_id, p.account_id)
 where (k.debit_minor, k.credit_minor, k.debit_step, k.credit_step)
       is distinct from (p.debit_minor, p.credit_minor, p.debit_minor, p.credit_minor)
