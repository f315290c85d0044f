-- Guards of the books that are gone or switched off: the triggers that refuse changes, that close and balance entries,
-- and the unique keys that let each payment through once.
-- $1 date not used: a guard holds for every day ($1 is read, so that all invariants are asked alike)
-- returns: key, the guard
-- locks: nothing
with guarded (table_name) as (
  values ('ledger_account'), ('ledger_entry'), ('posting'), ('payment'), ('payment_allocation'), ('inbound_message'),
         ('audit_event'), ('delivery_attempt'), ('statement_line'), ('match'), ('feed_event'), ('discrepancy_event'),
         ('closed_day'), ('account_day'), ('collection_day'), ('institution_day'), ('audit_block'), ('day_seal'),
         ('bank_statement'), ('bank_entry'), ('bank_match'), ('payment_recording'), ('payment_reversal'),
         ('payment_reversal_part'), ('refund_batch'),
         ('payment_announcement'), ('stored_answer'), ('discrepancy_carry'), ('audit_sample'), ('control_result')
), wanted (table_name, guard) as (
  select table_name, table_name || ending from guarded cross join (values ('_keeps'), ('_keeps_all')) as e (ending)
  union all values ('ledger_entry', 'ledger_entry_is_posted'), ('posting', 'posting_in_own_transaction'),
                   ('posting', 'posting_in_open_day'), ('payment', 'payment_in_open_day'),
                   ('payment_allocation', 'payment_allocation_of_payment'),
                   ('payment_notification', 'payment_notification_of_payment'),
                   ('payment_notification', 'payment_notification_stays'),
                   ('match', 'match_in_open_day'), ('discrepancy', 'discrepancy_in_open_day'),
                   ('discrepancy', 'discrepancy_stays_in_open_day'),
                   ('approval_request', 'approval_request_keeps'), ('party', 'party_stays')
), wanted_key (name) as (
  values ('payment_psp_transaction_key'), ('payment_receipt_number_key'), ('payment_notification_key'),
         ('payment_allocation_cover_key'), ('ledger_entry_source_key'), ('bill_sp_bill_id_key'), ('feed_event_key')
)
select w.guard as key
  from wanted w
  left join pg_trigger t
    on t.tgname = w.guard and t.tgrelid = to_regclass(w.table_name) and t.tgenabled <> 'D'
 where t.oid is null and $1::date is not null
union all
select k.name from wanted_key k left join pg_constraint c on c.conname = k.name and c.convalidated where c.oid is null
