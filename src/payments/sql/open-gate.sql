-- Lets each (PSP, transaction id) through once: the row is the gate. A concurrent twin waits on the unique key until the
-- first commits, and then finds nothing inserted. The outcome is written by close-gate in the same transaction.
-- $1 uuid id; $2 integer PSP; $3 text transaction id; $4 text control number; $5 bigint amount in minor units;
-- $6 text currency; $7 uuid message; $8 timestamptz paid at; $9 text[] flags
-- returns: one row when the id is new: the instant and the business day of the receipt
-- locks: nothing that exists; relies on payment_notification_key
insert into payment_notification
  (id, psp_id, psp_transaction_id, control_number, amount_minor, currency, outcome, status_code, message_id, paid_at, flags)
values ($1, $2, $3, $4, $5, $6, 'refused', '', $7, $8, $9)
on conflict on constraint payment_notification_key do nothing
returning received_at as "receivedAt", business_day as "businessDay";
