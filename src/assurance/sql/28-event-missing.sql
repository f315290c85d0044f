-- Payments on bills that are no event of a feed and do not wait to become one, and those in two feeds or twice.
-- $1 date first business day looked at
-- returns: key, the payment
-- locks: nothing
with event as (
  select event_id from feed_event
   where type = 'payment.confirmed' and occurred_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
  union all
  select event_id from unsealed_event
   where type = 'payment.confirmed' and occurred_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
)
select p.id::text as key
  from payment p left join event e on e.event_id = 'evt_' || p.id
 where p.business_day >= $1 and p.destination = 'bill'
 group by p.id having count(e.event_id) <> 1
