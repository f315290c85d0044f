-- What the anchors of the database need beside the product's own tables: numbered bills, real message bytes to journal,
-- a table for the one-row insert, and a payment as one function call (F) and as one call for a batch (B).
-- Both functions write every row that the product keeps for a taken payment. They know one institution and one PSP,
-- take each bill in turn, and decide nothing, so they are an upper bound of the work and not a gateway.
-- returns: nothing; run once in a scratch database by its owner
create table bench_row (id bigint generated always as identity primary key, note text not null, at timestamptz not null);
create table bench_bill as
  select (row_number() over (order by b.id))::integer as n, b.id, b.control_number
    from bill b where b.payment_option = 'exact' and b.state = 'open';
alter table bench_bill add primary key (n);
create sequence bench_turn;
create table bench_message (n integer primary key, body bytea not null);
grant select on bench_bill, bench_message to malipo_system;
grant select, insert on bench_row to malipo_system;
grant usage, select on bench_turn to malipo_system;

create function bench_pay(bills integer, psp integer, psp_name text) returns text language plpgsql as $$
declare
  turn bigint := nextval('bench_turn');
  transaction_id text := 'F' || turn;
  -- Scattered, so that neighbouring transactions take bills far apart.
  pick integer := 1 + (turn * 7919) % bills;
  bill_number text;
  notification uuid := uuidv7();
  new_payment uuid := uuidv7();
  entry uuid := uuidv7();
  message uuid := uuidv7();
  receipt text;
  moment timestamptz := gateway_now();
  day date := business_day_of(gateway_now());
  raw bytea;
  b record;
begin
  select control_number into bill_number from bench_bill where n = pick;
  select body into raw from bench_message where n = 1 + turn % 64;
  perform from payment_notification where psp_id = psp and psp_transaction_id = transaction_id;
  if found then return 'repeat'; end if;
  select l.*, p.code as sp_code into b
    from control_number c join bill l on l.id = c.bill_id join party p on p.id = l.sp_id
   where c.number = bill_number for update of l;
  receipt := 'R' || to_char(day, 'YYMMDD') || lpad(nextval('receipt_sequence')::text, 9, '0') || '0';
  insert into payment
    (id, psp_id, psp_transaction_id, receipt_number, destination, control_number, amount_minor, currency,
     collection_account, channel, payer_name, payer_phone, payer_email, psp_reference, paid_at, received_at, business_day)
  values (new_payment, psp, transaction_id, receipt, 'bill', bill_number, b.amount_minor, 'TZS', '0170100000011', 'MOBILE',
          b.payer_name, b.payer_phone, b.payer_email, transaction_id, moment, moment, day);
  insert into payment_allocation (payment_id, bill_id, sp_id, principal_minor, surplus_minor, cover_number, bill_version,
     collection_account)
  values (new_payment, b.id, b.sp_id, b.amount_minor, 0, b.cover_number + 1, b.version + 1, '0170100000011');
  with booked as (
    insert into ledger_entry (id, source_kind, source_id, business_day, currency, posted_at)
    values (entry, 'payment', new_payment::text, day, 'TZS', moment))
  insert into posting (business_day, entry_id, position, account_id, debit_minor, credit_minor)
  select day, entry, t.position, a.id, t.debit, t.credit
    from (values (0, 'psp-receivable-bench', b.amount_minor, 0::bigint), (1, 'sp-payable-bench', 0::bigint, b.amount_minor))
           as t (position, name, debit, credit)
    join ledger_account a on a.name = t.name and a.currency = 'TZS';
  update bill set state = 'paid', paid_minor = b.amount_minor, cover_number = b.cover_number + 1, version = b.version + 1
   where id = b.id;
  update bill_item set paid_minor = amount_minor where bill_id = b.id;
  insert into delivery (created_at, next_attempt_at, recipient_id, kind, subject, message, url)
  values
    (moment, moment, b.sp_id, 'payment-confirmed', bill_number, jsonb_build_object('kind', 'payment-confirmed', 'form', 'gepg-v4',
       'paymentId', new_payment, 'receiptNumber', receipt, 'controlNumber', bill_number, 'parts', jsonb_build_array(jsonb_build_object(
       'spCode', b.sp_code, 'billId', b.sp_bill_id, 'controlNumber', bill_number, 'billAmount', '25000.00', 'paidAmount', '25000.00',
       'paymentOption', b.payment_option, 'collectionAccount', '0170100000011')), 'currency', 'TZS', 'paidAt', moment,
       'channel', 'MOBILE', 'payerName', b.payer_name, 'payerPhone', b.payer_phone, 'payerEmail', b.payer_email,
       'pspCode', psp_name, 'pspName', psp_name, 'pspTransactionId', transaction_id, 'thirdPartyId', ''), 'http://127.0.0.1/sp/payment'),
    (moment, moment, psp, 'payment-result', psp_name || '/' || transaction_id, jsonb_build_object('kind', 'payment-result', 'form', 'gepg-v4',
       'resultId', new_payment, 'pspTransactionId', transaction_id, 'controlNumber', bill_number, 'receiptNumber', receipt),
     'http://127.0.0.1/psp/result');
  insert into payment_notification
    (id, psp_id, psp_transaction_id, control_number, amount_minor, currency, outcome, status_code, payment_id, bill_id,
     message_id, paid_at, flags, result_queued_at)
  values (notification, psp, transaction_id, bill_number, b.amount_minor, 'TZS', 'taken', 'accepted', new_payment, b.id,
          message, moment, '{}', moment);
  insert into audit_event (occurred_at, actor, action, subject, detail)
  values (moment, psp_name, 'payment.received', new_payment::text,
          jsonb_build_object('receiptNumber', receipt, 'outcome', 'taken'));
  insert into inbound_message
    (id, received_at, party_id, path, message_name, headers, body, body_digest, signature_digest, signature_candidate,
     certificate_fingerprint, status_code, flags)
  values (message, moment, psp, '/api/payment/sigqrequest', 'gepgPmtPstReq',
          jsonb_build_object('gepg-code', psp_name, 'gepg-com', 'default.psp.in', 'gepg-alg', ''), raw, sha256(raw),
          'sha1', 'element', repeat('ab', 32), '7101', '{}');
  return receipt;
end $$;

-- No sequential scan of a table that was small when the plan was made (performance.md §3).
create function bench_pay_batch(bills integer, psp integer, psp_name text, size integer) returns bigint
language plpgsql set enable_seqscan = off as $$
declare
  -- One turn for the whole batch: turns drawn one by one would interleave with those of other sessions.
  first_turn bigint := (nextval('bench_turn') - 1) * size;
  moment timestamptz := gateway_now();
  day date := business_day_of(gateway_now());
  done bigint;
begin
  with picked as materialized (
    select t.turn, 'B' || t.turn as transaction_id, n.control_number as number, m.body as raw, uuidv7() as notification,
           uuidv7() as payment_id, uuidv7() as entry, uuidv7() as message,
           'R' || to_char(day, 'YYMMDD') || lpad(nextval('receipt_sequence')::text, 9, '0') || '0' as receipt
      from generate_series(first_turn, first_turn + size - 1) as t (turn)
      join bench_bill n on n.n = 1 + (t.turn * 7919) % bills
      join bench_message m on m.n = 1 + t.turn % 64
  ), locked as materialized (
    select l.*, p.code as sp_code, k.transaction_id, k.number, k.raw, k.notification, k.payment_id, k.entry, k.message,
           k.receipt
      from picked k join control_number c on c.number = k.number join bill l on l.id = c.bill_id
      join party p on p.id = l.sp_id
     order by l.id for update of l
  ), paid as (
    insert into payment
      (id, psp_id, psp_transaction_id, receipt_number, destination, control_number, amount_minor, currency,
       collection_account, channel, payer_name, payer_phone, payer_email, psp_reference, paid_at, received_at, business_day)
    select payment_id, psp, transaction_id, receipt, 'bill', number, amount_minor, 'TZS', '0170100000011', 'MOBILE',
           payer_name, payer_phone, payer_email, transaction_id, moment, moment, day from locked
  ), gates as (
    insert into payment_notification
      (id, psp_id, psp_transaction_id, control_number, amount_minor, currency, outcome, status_code, payment_id, bill_id,
       message_id, paid_at, flags, result_queued_at)
    select notification, psp, transaction_id, number, amount_minor, 'TZS', 'taken', 'accepted', payment_id, id, message,
           moment, '{}', moment from locked
  ), allocated as (
    insert into payment_allocation (payment_id, bill_id, sp_id, principal_minor, surplus_minor, cover_number, bill_version,
       collection_account)
    select payment_id, id, sp_id, amount_minor, 0, cover_number + 1, version + 1, '0170100000011' from locked
  ), entries as (
    insert into ledger_entry (id, source_kind, source_id, business_day, currency, posted_at)
    select entry, 'payment', payment_id::text, day, 'TZS', moment from locked
  ), postings as (
    insert into posting (business_day, entry_id, position, account_id, debit_minor, credit_minor)
    select day, l.entry, a.position, a.id, case a.position when 0 then l.amount_minor else 0 end,
           case a.position when 1 then l.amount_minor else 0 end
      from locked l
      cross join (select id, case when name like 'psp-receivable%' then 0 else 1 end as position
                    from ledger_account where name in ('psp-receivable-bench', 'sp-payable-bench') and currency = 'TZS') a
  ), moved as (
    update bill b set state = 'paid', paid_minor = b.amount_minor, cover_number = b.cover_number + 1, version = b.version + 1
      from locked l where b.id = l.id
  ), filled as (
    update bill_item i set paid_minor = i.amount_minor from locked l where i.bill_id = l.id
  ), owed as (
    insert into delivery (created_at, next_attempt_at, recipient_id, kind, subject, message, url)
    select moment, moment, l.sp_id, 'payment-confirmed', l.number, jsonb_build_object('kind', 'payment-confirmed', 'form', 'gepg-v4',
       'paymentId', l.payment_id, 'receiptNumber', l.receipt, 'controlNumber', l.number, 'parts', jsonb_build_array(jsonb_build_object(
       'spCode', l.sp_code, 'billId', l.sp_bill_id, 'controlNumber', l.number, 'billAmount', '25000.00', 'paidAmount', '25000.00',
       'paymentOption', l.payment_option, 'collectionAccount', '0170100000011')), 'currency', 'TZS', 'paidAt', moment,
       'channel', 'MOBILE', 'payerName', l.payer_name, 'payerPhone', l.payer_phone, 'payerEmail', l.payer_email,
       'pspCode', psp_name, 'pspName', psp_name, 'pspTransactionId', l.transaction_id, 'thirdPartyId', ''), 'http://127.0.0.1/sp/payment'
      from locked l
    union all
    select moment, moment, psp, 'payment-result', psp_name || '/' || l.transaction_id, jsonb_build_object('kind', 'payment-result', 'form', 'gepg-v4',
       'resultId', l.payment_id, 'pspTransactionId', l.transaction_id, 'controlNumber', l.number, 'receiptNumber', l.receipt),
       'http://127.0.0.1/psp/result'
      from locked l
  ), audited as (
    insert into audit_event (occurred_at, actor, action, subject, detail)
    select moment, psp_name, 'payment.received', payment_id::text, jsonb_build_object('receiptNumber', receipt, 'outcome', 'taken')
      from locked
  ), journalled as (
    insert into inbound_message
      (id, received_at, party_id, path, message_name, headers, body, body_digest, signature_digest, signature_candidate,
       certificate_fingerprint, status_code, flags)
    select message, moment, psp, '/api/payment/sigqrequest', 'gepgPmtPstReq',
           jsonb_build_object('gepg-code', psp_name, 'gepg-com', 'default.psp.in', 'gepg-alg', ''), raw, sha256(raw),
           'sha1', 'element', repeat('ab', 32), '7101', '{}' from locked
  )
  select count(*) into done from locked;
  return done;
end $$;
