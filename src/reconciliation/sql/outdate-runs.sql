-- Marks as outdated the latest runs of a PSP's other days that would come out otherwise after this one: a payment that an
-- open discrepancy of theirs is about is matched here now, or no more; one of their own payments is matched nowhere any
-- more; or a payment that is free again may be what an open line of a neighbouring day means.
-- $1 bigint run; $2 integer PSP; $3 date business day
-- returns: the days whose runs were marked
-- locks: those runs; relies on match_payment_key, reconciliation_run_latest_key, discrepancy_open
with before as (
  select max(id) as id from reconciliation_run where psp_id = $2 and business_day = $3::date and id < $1
), freed as materialized (
  select m.payment_id from match m
   where m.run_id = (select id from before)
     and not exists (select from match n where n.run_id = $1 and n.payment_id = m.payment_id)
), held as (
  select distinct d.business_day
    from discrepancy d
   where d.psp_id = $2 and d.business_day <> $3::date and d.state in ('open', 'awaiting-approval')
     and d.kind in ('missing-there', 'wrong-day', 'duplicate-line') and d.payment_id is not null
     and (exists (select from match m where m.run_id = $1 and m.payment_id = d.payment_id))
      <> (exists (select from match m where m.run_id = (select id from before) and m.payment_id = d.payment_id))
), touched as (
  select business_day from held
  union
  select p.business_day from freed f join payment p on p.id = f.payment_id
  union
  select d.business_day from discrepancy d
   where d.psp_id = $2 and d.business_day in ($3::date - 1, $3::date + 1) and d.state in ('open', 'awaiting-approval')
     and d.kind in ('missing-here', 'unknown-number') and exists (select from freed)
)
update reconciliation_run r set is_outdated = true
  from touched t
 where r.psp_id = $2 and r.is_latest and r.business_day = t.business_day and r.business_day <> $3::date
   and not exists (select from closed_day c where c.day >= r.business_day)
returning r.business_day::text as day;
