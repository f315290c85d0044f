-- Payments and notifications whose business day is not the East African date of their receipt, and postings on another
-- day than their entry.
-- $1 date first business day looked at
-- returns: key, the payment, notification or entry
-- locks: nothing
select id::text as key
  from payment where business_day >= $1 and business_day <> (received_at at time zone 'Africa/Dar_es_Salaam')::date
union all
select id::text
  from payment_notification
 where business_day >= $1 and business_day <> (received_at at time zone 'Africa/Dar_es_Salaam')::date
union
select e.id::text
  from posting p join ledger_entry e on e.id = p.entry_id
 where p.business_day >= $1 and p.business_day <> e.business_day
