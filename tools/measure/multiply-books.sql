-- Makes large books of small ones, for measuring: copies one paid bill with all that belongs to it (payment, entry,
-- notification, signed message, deliveries) as often as the setting malipo.copies says, less the numbers that are taken.
-- The copies are as sound as the pattern, so audit verify must pass on them. Run by a superuser in a database that is
-- thrown away: triggers are off. The pattern: the newest payment on an exact bill, of the institution with most numbers.
begin;
set local session_replication_role = replica;

create function pg_temp.damm(digits text) returns text language plpgsql immutable as $$
declare
  state integer := 0;
begin
  for i in 1 .. length(digits) loop
    state := substr('0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790',
                    1 + state * 10 + substr(digits, i, 1)::integer, 1)::integer;
  end loop;
  return digits || state;
end $$;

create temporary table pattern on commit drop as
  select p.id as payment_id, b.id as bill_id, e.id as entry_id, n.id as notification_id, n.message_id, b.control_number,
         '99' || r.prefix as prefix
    from payment p
    join payment_allocation a on a.payment_id = p.id
    join bill b on b.id = a.bill_id and b.payment_option = 'exact'
    join ledger_entry e on e.source_kind = 'payment' and e.source_id = p.id::text
    join payment_notification n on n.payment_id = p.id
    join control_number_range r on r.party_id = b.sp_id and r.has_check_digit
   order by r.capacity desc, p.received_at desc, p.id limit 1;

create temporary table copied on commit drop as
  select c.*, gen_random_uuid() as payment_id, gen_random_uuid() as bill_id, gen_random_uuid() as entry_id,
         gen_random_uuid() as notification_id, gen_random_uuid() as message_id
    from (select n, pg_temp.damm(prefix || lpad(n::text, 11 - length(prefix), '0')) as control_number
            from pattern, generate_series(1, current_setting('malipo.copies')::integer) n) c
   where not exists (select from control_number k where k.number = c.control_number);

insert into bill
select made.*
  from copied c, pattern p join bill b on b.id = p.bill_id
  cross join lateral jsonb_populate_record(b, jsonb_build_object('id', c.bill_id, 'sp_bill_id', 'M-' || c.n,
       'control_number', c.control_number)) made;
insert into control_number
select made.*
  from copied c, pattern p join control_number k on k.number = p.control_number
  cross join lateral jsonb_populate_record(k, jsonb_build_object('number', c.control_number, 'bill_id',
       c.bill_id)) made;
insert into bill_item
select made.*
  from copied c, pattern p join bill_item i on i.bill_id = p.bill_id
  cross join lateral jsonb_populate_record(i, jsonb_build_object('bill_id', c.bill_id)) made;
insert into inbound_message
select made.*
  from copied c, pattern p join inbound_message m on m.id = p.message_id
  cross join lateral jsonb_populate_record(m, jsonb_build_object('id', c.message_id)) made;
insert into payment
select made.*
  from copied c, pattern p join payment y on y.id = p.payment_id
  cross join lateral jsonb_populate_record(y, jsonb_build_object('id', c.payment_id, 'psp_transaction_id',
       'M-' || c.n, 'receipt_number', 'M-' || c.n, 'control_number', c.control_number)) made;
insert into payment_allocation
select made.*
  from copied c, pattern p join payment_allocation a on a.payment_id = p.payment_id
  cross join lateral jsonb_populate_record(a, jsonb_build_object('payment_id', c.payment_id, 'bill_id',
       c.bill_id)) made;
insert into payment_notification
select made.*
  from copied c, pattern p join payment_notification w on w.id = p.notification_id
  cross join lateral jsonb_populate_record(w, jsonb_build_object('id', c.notification_id, 'psp_transaction_id',
       'M-' || c.n, 'control_number', c.control_number, 'payment_id', c.payment_id, 'bill_id', c.bill_id,
       'message_id', c.message_id)) made;
insert into ledger_entry
select made.*
  from copied c, pattern p join ledger_entry e on e.id = p.entry_id
  cross join lateral jsonb_populate_record(e, jsonb_build_object('id', c.entry_id, 'source_id', c.payment_id)) made;
insert into posting
select made.*
  from copied c, pattern p join posting g on g.entry_id = p.entry_id
  cross join lateral jsonb_populate_record(g, jsonb_build_object('entry_id', c.entry_id)) made;

insert into unsealed_event (party_id, event_id, type, subject, data)
select b.sp_id, 'evt_' || c.payment_id, 'payment.confirmed', c.control_number, '{}'
  from copied c, pattern p join bill b on b.id = p.bill_id;

create temporary table sent on commit drop as
  select c.n, c.payment_id, c.control_number, d.id as old_id, nextval('delivery_id_seq') as new_id
    from copied c, pattern p
    join delivery d on d.message ->> 'paymentId' = p.payment_id::text or d.message ->> 'resultId' = p.payment_id::text;
insert into delivery
select made.*
  from sent s join delivery d on d.id = s.old_id
  cross join lateral jsonb_populate_record(d, jsonb_build_object('id', s.new_id, 'subject',
       case d.kind when 'payment-result' then 'M/' || s.n else s.control_number end, 'message',
       d.message || case d.kind when 'payment-result' then jsonb_build_object('resultId', s.payment_id)
       else jsonb_build_object('paymentId', s.payment_id) end)) made;
insert into delivery_attempt
select made.*
  from sent s join delivery_attempt t on t.delivery_id = s.old_id
  cross join lateral jsonb_populate_record(t, jsonb_build_object('id', nextval('delivery_attempt_id_seq'),
       'delivery_id', s.new_id)) made
 order by s.new_id, t.attempt;
commit;
analyze;
