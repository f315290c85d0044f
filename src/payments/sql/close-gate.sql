-- Writes what became of a notification.
-- $1 uuid id; $2 text outcome; $3 text status code; $4 text reason; $5 uuid payment; $6 uuid bill; $7 text[] flags
-- returns: nothing
-- locks: the row, inserted by this transaction
update payment_notification
   set outcome = $2, status_code = $3, reason = $4, payment_id = $5, bill_id = $6, flags = flags || $7::text[],
       result_queued_at = case when $5::uuid is null then null else gateway_now() end
 where id = $1;
