-- Payments without a ledger entry, and payment entries without a payment. (Two entries of one payment cannot be:
-- ledger_entry_source_key; a missing key shows as invariant 27.)
-- $1 date first business day looked at
-- returns: key, the payment
-- locks: nothing
select coalesce(p.id::text, e.source_id) as key
  from (select id from payment where business_day >= $1) p
  full join (select source_id from ledger_entry where source_kind = 'payment' and business_day >= $1) e
    on e.source_id = p.id::text
 where p.id is null or e.source_id is null
