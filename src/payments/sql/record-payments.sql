-- Keeps what a batch came to: the money taken, the bills it went to, and the outcome of every gate row.
-- $1 timestamptz received at and $2 date business day, of the batch; payments, in parallel: $3 uuid[] ids; $4 integer[]
-- PSPs; $5 text[] transaction ids; $6 text[] receipt numbers; $7 text[] destinations; $8 text[] control numbers;
-- $9 bigint[] amounts; $10 text[] currencies; $11 text[] collection accounts; $12 text[] channels; $13 text[] payers;
-- $14 text[] their phones; $15 text[] their e-mails; $16 text[] PSP references; $17 timestamptz[] paid at;
-- allocations: $18 uuid[] payments; $19 uuid[] bills; $20 integer[] institutions; $21 bigint[] principal;
-- $22 bigint[] surplus; $23 integer[] cover numbers; $24 integer[] bill versions; $25 text[] collection accounts;
-- gate rows: $26 uuid[] ids; $27 text[] outcomes; $28 text[] status codes; $29 text[] reasons; $30 uuid[] payments;
-- $31 uuid[] bills; $32 text[] flags, each a list with commas
-- returns: nothing
-- locks: the gate rows, inserted by this transaction
with paid as (
  insert into payment
    (id, psp_id, psp_transaction_id, receipt_number, destination, control_number, amount_minor, currency,
     collection_account, channel, payer_name, payer_phone, payer_email, psp_reference, paid_at, received_at,
     business_day)
  select t.*, $1::timestamptz, $2::date
    from unnest($3::uuid[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[],
                $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::timestamptz[])
      as t (id, psp_id, transaction_id, receipt_number, destination, control_number, amount_minor, currency, account,
            channel, payer_name, payer_phone, payer_email, psp_reference, paid_at)
), allocated as (
  insert into payment_allocation
    (payment_id, bill_id, sp_id, principal_minor, surplus_minor, cover_number, bill_version, collection_account)
  select * from unnest($18::uuid[], $19::uuid[], $20::integer[], $21::bigint[], $22::bigint[], $23::integer[],
                       $24::integer[], $25::text[])
)
update payment_notification n
   set outcome = t.outcome, status_code = t.status_code, reason = t.reason, payment_id = t.payment_id,
       bill_id = t.bill_id, flags = n.flags || string_to_array(t.flags, ','),
       result_queued_at = case when t.payment_id is null then null else gateway_now() end
  from unnest($26::uuid[], $27::text[], $28::text[], $29::text[], $30::uuid[], $31::uuid[], $32::text[])
    as t (id, outcome, status_code, reason, payment_id, bill_id, flags)
 where n.id = t.id;
