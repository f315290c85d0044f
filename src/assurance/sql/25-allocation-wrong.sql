-- Payments on bills whose parts do not sum to the payment. Money in suspense may be placed later, never beyond its amount.
-- $1 date first business day looked at
-- returns: key, the payment
-- locks: nothing
select p.id::text as key
  from payment p left join payment_allocation a on a.payment_id = p.id
 where p.business_day >= $1
 group by p.id
having (p.destination = 'bill' and coalesce(sum(a.principal_minor + a.surplus_minor), 0) <> p.amount_minor)
    or sum(a.principal_minor + a.surplus_minor) > p.amount_minor
