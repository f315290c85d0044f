-- Payments that owe a final result or a confirmation and have none in the outbox, and outbox rows of no payment. What
-- goes out as a webhook is owed in the feed: the results of a PSP over JSON, the confirmations of bills over JSON.
-- $1 date first business day looked at
-- returns: key, the payment
-- locks: nothing; payments and the outbox of the period are read once and put together by hash. A row of the outbox without its
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
    join payment_allocation a
      on a.payment_id = case when length(e.payment_id) = 36 and translate(e.payment_id, '0123456789abcdef', '') = '----'
                             then e.payment_id::uuid end
    join bill b on b.id = a.bill_id and b.form = 'json'
   where e.type = 'payment.confirmed'
), compared as (
  select payment_id, bool_or(is_payment) as is_payment, bool_or(is_of_bill) as is_of_bill,
         bool_or(is_result) as has_result, bool_or(not is_result) as has_confirmation
    from (select id::text as payment_id, true as is_payment, destination = 'bill' as is_of_bill, null::boolean as is_result
            from payment where business_day >= $1
          union all
          select payment_id, false, false, is_result from owed) each
   group by payment_id
)
select payment_id as key
  from compared c
 where is_payment
   and ((has_result is distinct from true
         and not exists (select from payment_recording r where r.payment_id::text = c.payment_id))
        or (is_of_bill and has_confirmation is distinct from true))
union
select payment_id
  from compared c
 where not is_payment
   and not exists (select from payment p
                    where p.id = case when length(c.payment_id) = 36
                                       and translate(c.payment_id, '0123456789abcdef', '') = '----'
                                      then c.payment_id::uuid end)
