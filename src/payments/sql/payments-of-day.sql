-- The money of one business day that an institution has to know: on its own bills, and on every part of the combined
-- bills that it submitted. With $3 only what it has not acknowledged yet.
-- $1 integer institution; $2 date business day; $3 boolean only unacknowledged
-- returns: one row a payment and bill, in order of receipt
-- locks: nothing; relies on payment_by_day, payment_allocation_pkey, bill_pkey, payment_reversal_by_payment
select p.id as "paymentId", b.sp_bill_id as "billId", b.control_number as "controlNumber",
       p.control_number as "customerNumber", coalesce(g.sp_group_bill_id, b.extras ->> 'GrpBillId', b.sp_bill_id)
         as "groupBillId", own.code as "spCode", b.payment_option as option, b.amount_minor as "billMinor",
       a.principal_minor + a.surplus_minor as "paidMinor", p.currency, p.receipt_number as "receiptNumber",
       p.psp_transaction_id as "pspTransactionId", psp.code as "pspCode", psp.name as "pspName", p.paid_at as "paidAt",
       a.collection_account as "collectionAccount", p.channel, p.payer_name as "payerName",
       p.payer_phone as "payerPhone", p.payer_email as "payerEmail", null::text as refusal,
       back.minor as "takenBackMinor", back.day as "takenBackOn"
  from payment p
  join payment_allocation a on a.payment_id = p.id
  join bill b on b.id = a.bill_id
  left join bill_group g on g.id = b.group_id
  join party own on own.id = b.sp_id
  join party psp on psp.id = p.psp_id
 cross join lateral (
   select coalesce(sum(t.principal_minor + t.surplus_minor), 0)::bigint as minor, max(r.business_day) as day
     from payment_reversal r join payment_reversal_part t on t.reversal_id = r.id and t.bill_id = a.bill_id
    where r.payment_id = p.id) back
 where p.psp_id = any (array(select party_id from payment_service_provider)) and p.business_day = $2
   and (a.sp_id = $1 or g.sp_id = $1)
   and (not $3 or exists (
     select from delivery d
      where d.subject = p.control_number and d.recipient_id = $1 and d.kind = 'payment-confirmed'
        and d.state <> 'delivered' and d.message ->> 'paymentId' = p.id::text))
 order by p.received_at, p.id, b.group_position;
