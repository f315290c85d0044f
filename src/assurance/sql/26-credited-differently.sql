-- Payment entries that credit another institution, or another sum, than the payment's parts say; and suspense that is not
-- the amount of a payment in suspense. Both sides are summed at once, what was placed as negative: they leave nothing.
-- $1 date first business day looked at
-- returns: key, the payment
-- locks: nothing
with account as materialized (
  select a.id, a.kind, s.id as sp_id
    from ledger_account a left join party s on a.kind <> 'suspense' and s.code = split_part(a.name, ':', 2)
), side as (
  select e.source_id as payment_id, a.kind, a.sp_id, p.credit_minor as minor
    from ledger_entry e
    join posting p on p.entry_id = e.id and p.business_day = e.business_day
    join account a on a.id = p.account_id
   where e.source_kind = 'payment' and e.business_day >= $1 and p.credit_minor > 0
  union all
  select p.id::text, k.kind, a.sp_id, -k.minor
    from payment p
    join payment_allocation a on a.payment_id = p.id
    cross join lateral (values ('sp-payable', a.principal_minor), ('sp-surplus', a.surplus_minor)) as k (kind, minor)
   where p.business_day >= $1 and p.destination = 'bill' and k.minor > 0
  union all
  select id::text, 'suspense', null, -amount_minor
    from payment where business_day >= $1 and destination = 'suspense'
), different as (
  select payment_id from side group by payment_id, kind, sp_id having sum(minor) <> 0
)
select d.payment_id as key
  from different d
   -- A payment without an entry, or an entry without a payment, is invariant 04. Asked of what is left alone.
 where exists (select from payment x where x.id::text = d.payment_id offset 0)
   and exists (select from ledger_entry x where x.source_kind = 'payment' and x.source_id = d.payment_id offset 0)
