-- Payments that owe a final result or a confirmation and have none in the outbox, and outbox rows of no payment. What
-- goes out as a webhook is owed in the feed: the results of a PSP over JSON, the confirmations of bills over JSON.
-- $1 date first business day looked at
-- returns: key, the payment
-- locks: nothing; payments and the outbox of the period are read once and joined by hash. A row of the outbox without its
-- payment in the period is looked up by itself: it may belong to an earlier day.
with event as (
  select type, substr(event_id, 5) as payment_id from feed_event
   where occurred_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
  union all
  select type, substr(event_id, 5) from unsealed_event
   where occurred_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
), owed as (
  select kind = 'payment-result' as is_result, coalesce(message ->> 'paymentId', message ->> 'resultId', '') as payment_id
    from delivery
   where kind in ('payment-confirmed', 'payment-result')
     and created_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
  union all
  select true, payment_id from event where type = 'payment.result'
  union all
  select false, e.payment_id
    from event e
    join payment_allocation a on a.payment_id::text = e.payment_id
    join bill b on b.id = a.bill_id and b.form = 'json'
   where e.type = 'payment.confirmed'
), told as (
  select payment_id, bool_or(is_result) as has_result, bool_or(not is_result) as has_confirmation
    from owed group by payment_id
), compared as (
  select p.id, t.payment_id, p.destination, t.has_result, t.has_confirmation
    from (select id::text as id, destination from payment where business_day >= $1) p
    full join told t on t.payment_id = p.id
)
select id as key
  from compared
 where id is not null
   and ((has_result is distinct from true
         and not exists (select from payment_recording r where r.payment_id::text = compared.id)) or (destination = 'bill' and has_confirmation is distinct from true))
union
select payment_id
  from compared c
 where id is null
   and not exists (select from payment p
                    where p.id = case when length(c.payment_id) = 36
                                       and translate(c.payment_id, '0123456789abcdef', '') = '----'
                                      then c.payment_id::uuid end)
