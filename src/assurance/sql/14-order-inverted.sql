-- Confirmations of one bill that went out before an earlier one had its first attempt, and payments that claim a version
-- of their bill that it never had. Attempts are ordered by number, not by clock.
-- $1 date first business day looked at
-- returns: key, the delivery, or the payment and its bill
-- locks: nothing
with first_try as (
  select delivery_id, min(id) as attempt_id
    from delivery_attempt
   where started_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
   group by delivery_id
), line as (
  select d.id, f.attempt_id, lag(d.id) over earlier_first as earlier, lag(f.attempt_id) over earlier_first as earlier_attempt
    from delivery d left join first_try f on f.delivery_id = d.id
   where d.kind = 'payment-confirmed'
     and d.created_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
  window earlier_first as (partition by d.recipient_id, d.subject order by d.id)
)
select id::text as key
  from line
 where earlier is not null and attempt_id is not null and (earlier_attempt is null or earlier_attempt > attempt_id)
union all
select p.id || ' ' || b.id
  from payment p
  join payment_allocation a on a.payment_id = p.id
  join bill b on b.id = a.bill_id
 where p.business_day >= $1 and (a.bill_version > b.version or a.bill_version < 2)
