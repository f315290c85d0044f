-- Payments that have been in suspense for more than 30 days and are nobody's case: no discrepancy, no request to reverse
-- them, no reversal, no refund, no bill that they were placed on.
-- $1 date not used: what is forgotten is older than what is looked at ($1 is read, so that all invariants are asked alike)
-- returns: key, the payment
-- locks: nothing
select p.id::text as key
  from payment p
 where p.destination = 'suspense' and p.business_day < business_day_of(gateway_now()) - 30 and $1::date is not null
   and not exists (select from discrepancy d where d.payment_id = p.id)
   and not exists (select from reversal_request r where r.payment_id = p.id)
   and not exists (select from payment_reversal r where r.payment_id = p.id)
   and not exists (select from refund r where r.payment_id = p.id and r.state <> 'returned')
   and not exists (select from payment_allocation a where a.payment_id = p.id)
