-- Payments on bills whose parts do not sum to the payment. Money in suspense may be placed later, never beyond its amount.
-- $1 date first business day looked at
-- returns: key, the payment
-- locks: nothing
select p.id::text as key
  from payment p
  left join (select payment_id, sum(principal_minor + surplus_minor) as placed from payment_allocation group by payment_id) a
    on a.payment_id = p.id
 where p.business_day >= $1
   and ((p.destination = 'bill' and coalesce(a.placed, 0) <> p.amount_minor) or a.placed > p.amount_minor)
