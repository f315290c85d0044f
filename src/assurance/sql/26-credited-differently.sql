-- Payment entries that credit another institution, or another sum, than the payment's parts say; and suspense that is not
-- the amount of a payment in suspense.
-- $1 date first business day looked at
-- returns: key, the payment
-- locks: nothing
with credited as (
  select e.source_id as payment_id, a.kind, case when a.kind <> 'suspense' then split_part(a.name, ':', 2) end as sp,
         sum(p.credit_minor) as amount
    from ledger_entry e
    join posting p on p.entry_id = e.id and p.business_day = e.business_day
    join ledger_account a on a.id = p.account_id
   where e.source_kind = 'payment' and e.business_day >= $1 and p.credit_minor > 0
   group by 1, 2, 3
), placed as (
  select p.id::text as payment_id, k.kind, s.code as sp, sum(k.amount) as amount
    from payment p
    join payment_allocation a on a.payment_id = p.id
    join party s on s.id = a.sp_id
    cross join lateral (values ('sp-payable', a.principal_minor), ('sp-surplus', a.surplus_minor)) as k (kind, amount)
   where p.business_day >= $1 and p.destination = 'bill' and k.amount > 0
   group by 1, 2, 3
  union all
  select id::text, 'suspense', null, amount_minor
    from payment where business_day >= $1 and destination = 'suspense'
)
select coalesce(c.payment_id, p.payment_id) as key
  from credited c
  full join placed p on p.payment_id = c.payment_id and p.kind = c.kind and coalesce(p.sp, '') = coalesce(c.sp, '')
 where c.amount is distinct from p.amount
   -- A payment without an entry, or an entry without a payment, is invariant 04.
   and exists (select from payment x where x.id::text = coalesce(c.payment_id, p.payment_id))
   and exists (select from ledger_entry x
                where x.source_kind = 'payment' and x.source_id = coalesce(c.payment_id, p.payment_id))
