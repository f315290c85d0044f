-- Receipts of a period, in the order the payments came. For one institution: its own bills and its part of the money.
-- $1 date first day; $2 date last day; $3 text SP code or null; $4 text PSP code or null; $5 text channel or null;
-- $6 text currency or null
-- returns: per payment its receipt, bills, payer and amount in minor units
-- locks: nothing; relies on payment_allocation_pkey
select y.received_at as "receivedAt", y.receipt_number as receipt, y.control_number as "controlNumber",
       coalesce(part.bills, '') as bills, psp.code as psp, y.psp_transaction_id as transaction, y.channel,
       y.payer_name as payer, y.currency,
       case when $3::text is null then y.amount_minor else part.amount_minor end as amount
  from payment y
  join party psp on psp.id = y.psp_id
  left join lateral (
    select string_agg(b.sp_bill_id, ' ' order by b.sp_bill_id) as bills,
           sum(l.principal_minor + l.surplus_minor)::bigint as amount_minor
      from payment_allocation l join bill b on b.id = l.bill_id
     where l.payment_id = y.id and ($3::text is null or l.sp_id = (select id from party where code = $3::text))
  ) part on true
 where y.business_day between $1::date and $2::date
   and ($3::text is null or part.bills is not null)
   and ($4::text is null or psp.code = $4)
   and ($5::text is null or y.channel = $5)
   and ($6::text is null or y.currency = $6)
 order by y.received_at, y.id;
