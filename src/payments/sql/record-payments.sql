-- Keeps what a batch came to: the gate, which lets each (PSP, transaction id) through once, with its outcome; behind it
-- the money taken and the bills it went to. A concurrent twin waits on the key of the gate until the first commits, and
-- is then not inserted, nor is anything behind it.
-- $1 timestamptz received at and $2 date business day, of the batch; payments, in parallel: $3 uuid[] ids; $4 integer[]
-- PSPs; $5 text[] transaction ids; $6 text[] receipt numbers; $7 text[] destinations; $8 text[] control numbers;
-- $9 bigint[] amounts; $10 text[] currencies; $11 text[] collection accounts; $12 text[] channels; $13 text[] payers;
-- $14 text[] their phones; $15 text[] their e-mails; $16 text[] PSP references; $17 timestamptz[] paid at;
-- allocations: $18 uuid[] payments; $19 uuid[] bills; $20 integer[] institutions; $21 bigint[] principal;
-- $22 bigint[] surplus; $23 integer[] cover numbers; $24 integer[] bill versions; $25 text[] collection accounts;
-- gate rows: $26 uuid[] ids; $27 integer[] PSPs; $28 text[] transaction ids; $29 text[] control numbers; $30 bigint[]
-- amounts in minor units; $31 text[] currencies; $32 text[] outcomes; $33 text[] status codes; $34 text[] reasons;
-- $35 uuid[] payments; $36 uuid[] bills; $37 uuid[] messages; $38 timestamptz[] paid at; $39 text[] flags, each a list
-- with commas
-- returns: ids of the gate rows let through
-- locks: nothing that exists; gate rows in the order of their key, so that two batches cannot wait for each other;
-- relies on payment_notification_key
with gate as (
  insert into payment_notification
    (id, psp_id, psp_transaction_id, control_number, amount_minor, currency, outcome, status_code, reason, payment_id,
     bill_id, message_id, received_at, business_day, paid_at, flags, result_queued_at)
  select t.id, t.psp_id, t.transaction_id, t.control_number, t.amount_minor, t.currency, t.outcome, t.status_code,
         t.reason, t.payment_id, t.bill_id, t.message_id, $1::timestamptz, $2::date, t.paid_at,
         string_to_array(t.flags, ','), case when t.payment_id is not null then $1::timestamptz end
    from unnest($26::uuid[], $27::integer[], $28::text[], $29::text[], $30::bigint[], $31::text[], $32::text[],
                $33::text[], $34::text[], $35::uuid[], $36::uuid[], $37::uuid[], $38::timestamptz[], $39::text[])
      as t (id, psp_id, transaction_id, control_number, amount_minor, currency, outcome, status_code, reason, payment_id,
            bill_id, message_id, paid_at, flags)
   order by t.psp_id, t.transaction_id
  on conflict on constraint payment_notification_key do nothing
  returning id, payment_id
), paid as (
  insert into payment
    (id, psp_id, psp_transaction_id, receipt_number, destination, control_number, amount_minor, currency,
     collection_account, channel, payer_name, payer_phone, payer_email, psp_reference, paid_at, received_at,
     business_day)
  select t.*, $1::timestamptz, $2::date
    from gate
    join unnest($3::uuid[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[],
                $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::timestamptz[])
      as t (id, psp_id, transaction_id, receipt_number, destination, control_number, amount_minor, currency, account,
            channel, payer_name, payer_phone, payer_email, psp_reference, paid_at) on t.id = gate.payment_id
  returning id
), allocated as (
  insert into payment_allocation
    (payment_id, bill_id, sp_id, principal_minor, surplus_minor, cover_number, bill_version, collection_account)
  select t.*
    from paid
    join unnest($18::uuid[], $19::uuid[], $20::integer[], $21::bigint[], $22::bigint[], $23::integer[],
                $24::integer[], $25::text[])
      as t (payment_id, bill_id, sp_id, principal, surplus, cover, version, account) on t.payment_id = paid.id
)
select id from gate;
