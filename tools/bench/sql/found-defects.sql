-- Where what a day's runs found is not what was planted in it, in either direction; nothing when all is as it should be.
-- $1 integer PSP; $2 date business day
-- returns: kind, subject, and which side alone has it
-- locks: nothing
with found as (
  select d.kind, d.subject from discrepancy d where d.psp_id = $1 and d.business_day = $2::date and d.state = 'open'
  union all
  select m.rule, l.psp_transaction_id
    from reconciliation_run r join match m on m.run_id = r.id join statement_line l on l.id = m.statement_line_id
   where r.psp_id = $1 and r.business_day = $2::date and r.is_latest and m.rule <> 'transaction-id'
)
(select kind, subject, 'planted and not found' as side
   from (select kind, subject from bench_plant except all select kind, subject from found) lost)
union all
(select kind, subject, 'found and not planted'
   from (select kind, subject from found except all select kind, subject from bench_plant) odd)
