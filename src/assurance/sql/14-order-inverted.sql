-- Confirmations of one bill that went out before an earlier one had its first attempt, and payments that claim a version
-- of their bill that it never had. Attempts are ordered by number, not by clock.
-- $1 date first business day looked at
-- returns: key, the delivery, or the payment and its bill
-- locks: nothing
with several as (
  select recipient_id, subject
    from delivery
   where kind = 'payment-confirmed'
     and created_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
   group by recipient_id, subject having count(*) > 1
), confirmation as materialized (
  select d.id, d.recipient_id, d.subject
    from delivery d join several using (recipient_id, subject)
   where d.kind = 'payment-confirmed'
     and d.created_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
), first_try as (
  select a.delivery_id, min(a.id) as attempt_id
    from delivery_attempt a join confirmation c on c.id = a.delivery_id
   where a.started_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
   group by a.delivery_id
), line as (
  select d.id, f.attempt_id, lag(d.id) over earlier_first as earlier, lag(f.attempt_id) over earlier_first as earlier_attempt
    from confirmation d left join first_try f on f.delivery_id = d.id
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
