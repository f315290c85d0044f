-- Notifications that were accepted without a payment of that content, payments that no notification answers for, and
-- notifications without the signed message they came in. Payments that officers recorded have none.
-- $1 date first business day looked at
-- returns: key, the notification or the payment
-- locks: nothing
select coalesce(n.id, p.id)::text as key
  from (select * from payment_notification where business_day >= $1) n
  full join (select * from payment where business_day >= $1) p on p.id = n.payment_id
 where (n.id is null and not exists (select from payment_recording r where r.payment_id = p.id))
    or (n.outcome <> 'refused' and p.id is null)
    or (n.outcome = 'refused' and n.payment_id is not null)
    or (p.id is not null
        and (n.psp_id <> p.psp_id or n.psp_transaction_id <> p.psp_transaction_id
             or n.control_number <> p.control_number or n.amount_minor <> p.amount_minor or n.currency <> p.currency
             or (n.outcome = 'taken') <> (p.destination = 'bill')))
union
select n.id::text
  from payment_notification n
  left join inbound_message m
    on m.id = n.message_id and m.received_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
 where n.business_day >= $1 and m.id is null
   and not (n.message_id is null and exists (select from payment_recording r where r.payment_id = n.payment_id))
