-- The notifications of one business day that were refused on an institution's bills.
-- $1 integer institution; $2 date business day
-- returns: one row a notification, in order of receipt
-- locks: nothing; relies on payment_notification_by_day, bill_pkey
select n.id as "paymentId", b.sp_bill_id as "billId", b.control_number as "controlNumber",
       n.control_number as "customerNumber", coalesce(g.sp_group_bill_id, b.extras ->> 'GrpBillId', b.sp_bill_id)
         as "groupBillId", own.code as "spCode", b.payment_option as option, b.amount_minor as "billMinor",
       n.amount_minor as "paidMinor", n.currency, '' as "receiptNumber",
       n.psp_transaction_id as "pspTransactionId", psp.code as "pspCode", psp.name as "pspName", n.paid_at as "paidAt",
       '' as "collectionAccount", '' as channel, '' as "payerName", '' as "payerPhone", '' as "payerEmail",
       n.reason as refusal, 0::bigint as "takenBackMinor", null::date as "takenBackOn"
  from payment_notification n
  join bill b on b.id = n.bill_id
  left join bill_group g on g.id = b.group_id
  join party own on own.id = b.sp_id
  join party psp on psp.id = n.psp_id
 where n.psp_id = any (array(select party_id from payment_service_provider)) and n.business_day = $2
   and n.outcome = 'refused' and (b.sp_id = $1 or g.sp_id = $1)
 order by n.received_at, n.id;
