-- Bills paid after they were cancelled or had expired. Money that went to suspense first was placed by an officer, who may
-- put it on a bill that has ended; so is money that
-- officers recorded from a statement.
-- $1 date first business day looked at
-- returns: key, the payment
-- locks: nothing
select p.id::text as key
  from payment p
  join payment_allocation a on a.payment_id = p.id
  join bill b on b.id = a.bill_id
 where p.business_day >= $1
   and p.destination = 'bill'
   and not exists (select from payment_recording r where r.payment_id = p.id)
   and (p.received_at > b.expires_at or p.received_at > b.cancelled_at)
