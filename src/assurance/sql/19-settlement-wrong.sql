-- Bank entries whose account did not move by what the bank says; bank entries of which more is explained than there is;
-- matched credits that cleared another sum of a PSP's debt than they brought, with the fee, or than was posted.
-- $1 date first booking day looked at
-- returns: key, the bank entry or the match
-- locks: nothing; relies on ledger_entry_source_key, bank_match_by_entry
with entry as (
  select * from bank_entry where booking_day >= $1
)
select 'bank entry ' || b.id as key
  from entry b
  left join ledger_entry e on e.source_kind = 'bank-entry' and e.source_id = b.id::text
  left join posting p on p.entry_id = e.id and p.business_day = e.business_day
  left join ledger_account a on a.id = p.account_id
 group by b.id, b.direction, b.amount_minor
having sum(p.debit_minor - p.credit_minor) filter (where a.kind in ('collection', 'treasury'))
       is distinct from case b.direction when 'credit' then b.amount_minor else -b.amount_minor end
union
select 'bank entry ' || b.id
  from entry b join bank_match m on m.bank_entry_id = b.id
 group by b.id, b.amount_minor having sum(m.amount_minor) not between 0 and b.amount_minor
union all
select 'match ' || m.id
  from entry b
  join bank_match m on m.bank_entry_id = b.id and m.kind = 'settlement' and m.amount_minor > 0
  left join ledger_entry e on e.source_kind = 'bank-match' and e.source_id = m.id::text
  left join posting p on p.entry_id = e.id and p.business_day = e.business_day
  left join ledger_account a on a.id = p.account_id and a.kind = 'psp-receivable'
 group by m.id, m.cleared_minor, m.amount_minor, m.fee_minor
having m.cleared_minor <> m.amount_minor + m.fee_minor
    or sum(p.credit_minor - p.debit_minor) filter (where a.id is not null) is distinct from m.cleared_minor
