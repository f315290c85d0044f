-- Payments that owe a final result or a confirmation and have none in the outbox, and outbox rows of no payment. What
-- goes out as a webhook is owed in the feed: the results of a PSP over JSON, the confirmations of bills over JSON.
-- $1 date first business day looked at
-- returns: key, the payment
-- locks: nothing; the outbox is read once. A pattern in place of translate costs 75 us a row.
with event as (
  select type, substr(event_id, 5) as payment_id from feed_event
   where occurred_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
  union all
  select type, substr(event_id, 5) from unsealed_event
   where occurred_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
), owed as (
  select distinct kind, coalesce(message ->> 'paymentId', message ->> 'resultId', '') as payment_id
    from delivery
   where kind in ('payment-confirmed', 'payment-result')
     and created_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
  union
  select 'payment-result', payment_id from event where type = 'payment.result'
  union
  select 'payment-confirmed', e.payment_id
    from event e
    join payment_allocation a on a.payment_id::text = e.payment_id
    join bill b on b.id = a.bill_id and b.form = 'json'
   where e.type = 'payment.confirmed'
), due as (
  select id::text as payment_id, kind
    from payment
    cross join lateral (values ('payment-result'), ('payment-confirmed')) as k (kind)
   where business_day >= $1 and (kind = 'payment-result' or destination = 'bill')
)
select payment_id as key from due d
 where not exists (select from owed o where o.payment_id = d.payment_id and o.kind = d.kind)
union
select o.payment_id from owed o
 where not exists (select from payment p
                    where p.id = case when length(o.payment_id) = 36
                                       and translate(o.payment_id, '0123456789abcdef', '') = '----'
                                      then o.payment_id::uuid end)
