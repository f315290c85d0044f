-- What officers' entries changed on money that PSPs hold: reversals, corrections, disputes, fees, late credits taken over.
-- An entry of a discrepancy counts for the day of that discrepancy, any other for the day that it refers to.
-- (no parameters)
-- returns: PSP, account, currency, clearing day, net debit in minor units
-- locks: nothing; relies on ledger_entry_of_officers, posting_pkey
select y.id as "pspId", substr(a.name, length('psp-receivable:' || y.code) + 2) as "collectionAccount", a.currency,
       coalesce(e.refers_to_day, e.business_day) as "clearingDay",
       sum(p.debit_minor - p.credit_minor)::bigint as "adjustedMinor"
  from ledger_entry e
  join posting p on p.business_day = e.business_day and p.entry_id = e.id
  join ledger_account a on a.id = p.account_id and a.kind = 'psp-receivable'
  join party y on y.code = split_part(a.name, ':', 2)
 where e.source_kind not in ('payment', 'bank-opening', 'bank-entry', 'bank-match')
 group by y.id, y.code, a.name, a.currency, coalesce(e.refers_to_day, e.business_day);
