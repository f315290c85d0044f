-- Ledger entries whose debits differ from their credits.
-- $1 date first business day looked at
-- returns: key, the entry
-- locks: nothing; reads each posting once
select entry_id::text as key
  from posting
 where business_day >= $1
 group by entry_id
having sum(debit_minor) <> sum(credit_minor)
