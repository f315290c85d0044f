-- Rows that join two institutions: a payment's part for another than its bill's, and a number of another than its bill's.
-- $1 date first business day looked at
-- returns: key, the payment and its bill, or the control number
-- locks: nothing
select a.payment_id || ' ' || a.bill_id as key
  from payment p
  join payment_allocation a on a.payment_id = p.id
  left join bill b on b.id = a.bill_id
 where p.business_day >= $1 and b.sp_id is distinct from a.sp_id
union all
select c.number
  from control_number c join bill b on b.id = c.bill_id
 where c.issued_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam' and b.sp_id <> c.sp_id
