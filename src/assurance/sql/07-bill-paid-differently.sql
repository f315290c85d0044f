-- Bills whose paid sum or surplus is not the sum of what payments put on them and reversals left, whose items do not sum to it, or that took
-- more than their amount.
-- $1 date first business day looked at: bills paid since; -infinity for all bills
-- returns: key, the bill
-- locks: nothing
with scope as (
  select id from bill where $1 = '-infinity'::date
  union
  select a.bill_id from payment p join payment_allocation a on a.payment_id = p.id
   where p.business_day >= $1 and $1 <> '-infinity'::date
), taken as (
  select a.bill_id, sum(a.principal_minor) as principal, sum(a.surplus_minor) as surplus
    from scope s join payment_allocation a on a.bill_id = s.id
   group by a.bill_id
), itemised as (
  select i.bill_id, sum(i.paid_minor) as paid, bool_or(i.paid_minor > i.amount_minor) as is_over
    from scope s join bill_item i on i.bill_id = s.id
   group by i.bill_id
)
select b.id::text as key
  from scope join bill b using (id)
  left join taken t on t.bill_id = b.id
  left join itemised i on i.bill_id = b.id
  left join (select bill_id, sum(principal_minor) as principal, sum(surplus_minor) as surplus
               from payment_reversal_part group by bill_id) r on r.bill_id = b.id
 where coalesce(t.principal, 0) - coalesce(r.principal, 0) <> b.paid_minor
    or coalesce(t.surplus, 0) - coalesce(r.surplus, 0) <> b.surplus_minor
    or i.paid is distinct from b.paid_minor
    or i.is_over
    or b.paid_minor > b.amount_minor
