-- What was taken back on one business day of payments on an institution's bills, whatever day these are of.
-- $1 integer institution; $2 date business day
-- returns: one row a reversal or correction and bill, in order of the reversals
-- locks: nothing; relies on payment_reversal_by_day, payment_pkey, bill_pkey
select p.id as "paymentId", b.sp_bill_id as "billId", b.control_number as "controlNumber",
       p.control_number as "customerNumber", coalesce(g.sp_group_bill_id, b.extras ->> 'GrpBillId', b.sp_bill_id)
         as "groupBillId", own.code as "spCode", b.payment_option as option, b.amount_minor as "billMinor",
       a.principal_minor + a.surplus_minor as "paidMinor", p.currency, p.receipt_number as "receiptNumber",
       p.psp_transaction_id as "pspTransactionId", psp.code as "pspCode", psp.name as "pspName", p.paid_at as "paidAt",
       a.collection_account as "collectionAccount", p.channel, p.payer_name as "payerName",
       p.payer_phone as "payerPhone", p.payer_email as "payerEmail", null::text as refusal,
       t.principal_minor + t.surplus_minor as "takenBackMinor", r.business_day as "takenBackOn"
  from payment_reversal r
  join payment_reversal_part t on t.reversal_id = r.id
  join payment p on p.id = r.payment_id
  join payment_allocation a on a.payment_id = p.id and a.bill_id = t.bill_id
  join bill b on b.id = t.bill_id
  left join bill_group g on g.id = b.group_id
  join party own on own.id = b.sp_id
  join party psp on psp.id = p.psp_id
 where r.business_day = $2 and (t.sp_id = $1 or g.sp_id = $1)
 order by r.reversed_at, r.id, b.group_position;
