-- Currencies whose accounts do not sum to zero. Taken from the accounts, not from the entries: a posting on an account of
-- another currency leaves its entry balanced and the books wrong.
-- $1 date first business day looked at
-- returns: key, the currency
-- locks: nothing
select a.currency as key
  from posting p join ledger_account a on a.id = p.account_id
 where p.business_day >= $1
 group by a.currency
having sum(p.debit_minor) <> sum(p.credit_minor)
