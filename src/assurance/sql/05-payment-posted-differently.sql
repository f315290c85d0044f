-- Payments whose entry is of another amount, currency or business day.
-- $1 date first business day looked at
-- returns: key, the payment
-- locks: nothing
select p.id::text as key
  from payment p
  join ledger_entry e on e.source_kind = 'payment' and e.source_id = p.id::text
  join (select entry_id, sum(debit_minor) as debits from posting where business_day >= $1 group by entry_id) d
    on d.entry_id = e.id
 where p.business_day >= $1
   and (d.debits <> p.amount_minor or e.currency <> p.currency or e.business_day <> p.business_day)
