-- Entries of fewer than two postings, postings with both sides or neither, and postings of no entry.
-- $1 date first business day looked at
-- returns: key, the entry
-- locks: nothing
select e.id::text as key
  from ledger_entry e
  left join (select entry_id, count(*) as postings from posting where business_day >= $1 group by entry_id) p
    on p.entry_id = e.id
 where e.business_day >= $1 and coalesce(p.postings, 0) < 2
union
select p.entry_id::text
  from posting p
  left join ledger_entry e on e.id = p.entry_id
 where p.business_day >= $1 and ((p.debit_minor = 0) = (p.credit_minor = 0) or e.id is null)
