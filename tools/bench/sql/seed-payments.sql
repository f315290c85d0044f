-- The payments of bills that were seeded as paid, with all the rows that the gateway keeps of each: gate, payment,
-- allocation, entry, postings, the two deliveries and their acknowledged attempts, the event that
-- waits for the feed, audit event and journal line.
-- $1 text[] control numbers; $2 integer PSP; $3 text PSP code; $4 bytea message to journal;
-- $5 text receivable account; $6 text payable account; $7 text collection account
-- returns: nothing
with picked as materialized (
  select b.id, b.sp_id, b.sp_bill_id, b.control_number, b.amount_minor, b.payer_name, b.payer_phone, p.code as sp_code,
         uuidv7() as payment_id, uuidv7() as entry, uuidv7() as message, uuidv7() as notification,
         'R' || to_char(business_day_of(gateway_now()), 'YYMMDD') || lpad(nextval('receipt_sequence')::text, 9, '0') || 's' as receipt
    from bill b join party p on p.id = b.sp_id where b.control_number = any ($1)
), paid as (
  insert into payment
    (id, psp_id, psp_transaction_id, receipt_number, destination, control_number, amount_minor, currency,
     collection_account, channel, payer_name, payer_phone, payer_email, psp_reference, paid_at, received_at, business_day)
  select payment_id, $2::integer, 'SEED' || control_number, receipt, 'bill', control_number, amount_minor, 'TZS', $7::text, 'MOBILE',
         payer_name, payer_phone, '', '', gateway_now(), gateway_now(), business_day_of(gateway_now()) from picked
), gates as (
  insert into payment_notification
    (id, psp_id, psp_transaction_id, control_number, amount_minor, currency, outcome, status_code, payment_id, bill_id,
     message_id, paid_at, result_queued_at)
  select notification, $2::integer, 'SEED' || control_number, control_number, amount_minor, 'TZS', 'taken', 'accepted', payment_id,
         id, message, gateway_now(), gateway_now() from picked
), allocated as (
  insert into payment_allocation (payment_id, bill_id, sp_id, principal_minor, surplus_minor, cover_number, bill_version,
    collection_account)
  select payment_id, id, sp_id, amount_minor, 0, 1, 2, $7::text from picked
), entries as (
  insert into ledger_entry (id, source_kind, source_id, business_day, currency)
  select entry, 'payment', payment_id::text, business_day_of(gateway_now()), 'TZS' from picked
), postings as (
  insert into posting (business_day, entry_id, position, account_id, debit_minor, credit_minor)
  select business_day_of(gateway_now()), k.entry, a.position, a.id, case a.position when 0 then k.amount_minor else 0 end,
         case a.position when 1 then k.amount_minor else 0 end
    from picked k
    cross join (select id, case name when $5::text then 0 else 1 end as position from ledger_account
                 where name in ($5::text, $6::text) and currency = 'TZS') a
), owed as (
  insert into delivery (recipient_id, kind, subject, message, url, state, attempt_count, settled_at, last_outcome)
  select k.sp_id, 'payment-confirmed', k.control_number, jsonb_build_object('kind', 'payment-confirmed', 'form', 'gepg-v4',
       'paymentId', k.payment_id, 'receiptNumber', k.receipt, 'controlNumber', k.control_number, 'parts', jsonb_build_array(jsonb_build_object(
       'spCode', k.sp_code, 'billId', k.sp_bill_id, 'controlNumber', k.control_number, 'billAmount', '25000.00', 'paidAmount', '25000.00',
       'paymentOption', 'exact', 'collectionAccount', $7::text)), 'currency', 'TZS', 'paidAt', gateway_now(),
       'channel', 'MOBILE', 'payerName', k.payer_name, 'payerPhone', k.payer_phone, 'payerEmail', '',
       'pspCode', $3::text, 'pspName', $3::text, 'pspTransactionId', 'SEED' || k.control_number, 'thirdPartyId', ''), null, 'delivered', 1,
         gateway_now(), 'acknowledged' from picked k
  union all
  select $2::integer, 'payment-result', $3::text || '/SEED' || k.control_number, jsonb_build_object('kind', 'payment-result', 'form', 'gepg-v4',
       'resultId', k.payment_id, 'pspTransactionId', 'SEED' || k.control_number, 'controlNumber', k.control_number, 'receiptNumber', k.receipt), null, 'delivered', 1, gateway_now(), 'acknowledged' from picked k
  returning id, recipient_id, kind, subject, message
), events as (
  insert into unsealed_event (party_id, event_id, type, subject, data)
  select recipient_id, 'evt_' || (message ->> 'paymentId'), 'payment.confirmed', subject,
         message - 'kind' - 'form' || jsonb_build_object('amount', message #>> '{parts,0,paidAmount}')
    from owed where kind = 'payment-confirmed'
), tried as (
  insert into delivery_attempt (started_at, delivery_id, attempt, duration_ms, http_status, outcome)
  select gateway_now(), id, 1, 3, 200, 'acknowledged' from owed order by id
), audited as (
  insert into audit_event (actor, action, subject, detail)
  select $3::text, 'payment.received', payment_id::text, jsonb_build_object('receiptNumber', receipt, 'outcome', 'taken')
    from picked
)
insert into inbound_message
  (id, party_id, path, message_name, headers, body, body_digest, signature_digest, signature_candidate,
   certificate_fingerprint, status_code, flags)
select message, $2::integer, '/api/payment/sigqrequest', 'gepgPmtPstReq', jsonb_build_object('gepg-code', $3::text), $4::bytea, sha256($4::bytea), 'sha1',
       'element', (select fingerprint from party_certificate where party_id = $2::integer order by id limit 1), '7101', '{}' from picked;
