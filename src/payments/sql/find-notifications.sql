-- What became of notifications that are known already.
-- In parallel: $1 integer[] PSPs; $2 text[] transaction ids
-- returns: one row for each that exists
-- locks: nothing; relies on payment_notification_key, payment_pkey
select n.id, n.psp_id as "pspId", n.psp_transaction_id as "transactionId", n.control_number as "controlNumber",
       n.amount_minor as "amountMinor", n.currency, n.outcome, n.reason, n.payment_id as "paymentId",
       p.receipt_number as "receiptNumber"
  from unnest($1::integer[], $2::text[]) as t (psp_id, transaction_id)
  join payment_notification n on n.psp_id = t.psp_id and n.psp_transaction_id = t.transaction_id
  left join payment p on p.id = n.payment_id;
