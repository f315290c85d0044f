-- What became of one notification, for its PSP, which may ask once in 10 s and 20 times an hour (security-reliability
-- §3.4): a storm of questions about one reference is what brings a switch down.
-- $1 integer PSP; $2 text transaction id
-- returns: no row for an unknown id, else one; is_allowed is false when it was asked too often
-- locks: the row; relies on payment_notification_key
with asked as (
  select id, coalesce(status_asked_at <= gateway_now() - interval '10 seconds', true)
             and (status_asked_count < 20 or status_hour_began_at <= gateway_now() - interval '1 hour') as is_allowed,
         status_hour_began_at > gateway_now() - interval '1 hour' as is_same_hour
    from payment_notification where psp_id = $1 and psp_transaction_id = $2
     for update
), counted as (
  update payment_notification n
     set status_asked_at = gateway_now(),
         status_asked_count = case when asked.is_same_hour then n.status_asked_count + 1 else 1 end,
         status_hour_began_at = case when asked.is_same_hour then n.status_hour_began_at else gateway_now() end
    from asked
   where n.id = asked.id and asked.is_allowed
  returning n.id
)
select n.id, n.psp_id as "pspId", n.psp_transaction_id as "transactionId", n.control_number as "controlNumber",
       n.amount_minor as "amountMinor", n.currency, n.outcome, n.reason, n.payment_id as "paymentId",
       p.receipt_number as "receiptNumber", asked.is_allowed as "isAllowed"
  from asked join payment_notification n on n.id = asked.id
  left join payment p on p.id = n.payment_id;
