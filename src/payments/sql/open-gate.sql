-- Lets each (PSP, transaction id) through once: the row is the gate. A concurrent twin waits on the unique key until the
-- first commits, and then finds nothing inserted. The outcome is written by record-payments in the same transaction.
-- In parallel: $1 uuid[] ids; $2 integer[] PSPs; $3 text[] transaction ids; $4 text[] control numbers; $5 bigint[]
-- amounts in minor units; $6 text[] currencies; $7 uuid[] messages; $8 timestamptz[] paid at; $9 text[] flags, each a
-- list with commas
-- returns: ids of the rows let through
-- locks: nothing that exists; rows in the order of their key, so that two batches cannot wait for each other; relies
-- on payment_notification_key
insert into payment_notification
  (id, psp_id, psp_transaction_id, control_number, amount_minor, currency, outcome, status_code, message_id, paid_at, flags)
select t.id, t.psp_id, t.transaction_id, t.control_number, t.amount_minor, t.currency, 'refused', '', t.message_id,
       t.paid_at, string_to_array(t.flags, ',')
  from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::uuid[],
              $8::timestamptz[], $9::text[])
    as t (id, psp_id, transaction_id, control_number, amount_minor, currency, message_id, paid_at, flags)
 order by t.psp_id, t.transaction_id
on conflict on constraint payment_notification_key do nothing
returning id;
