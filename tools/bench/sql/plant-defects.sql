-- What a PSP reports of a day that was seeded, with ten kinds of defects, each in one of a thousand payments, as tables:
-- `bench_line` of the day, `bench_line_before` of the day before, and `bench_plant` of what a run has to find. A kind of
-- discrepancy is found as such; a line under a strange id is found as the match that a weaker rule makes.
-- $1 integer PSP; $2 date business day
-- returns: how many lines and defects
-- locks: nothing that exists
with paid as materialized (
  select p.psp_transaction_id as id, p.control_number, p.amount_minor, p.receipt_number, p.paid_at,
         row_number() over (order by p.psp_transaction_id)::integer % 1000 as kind
    from payment p where p.psp_id = $1 and p.business_day = $2::date
), own as (
  select case when kind in (8, 9) then 'STRANGE' || id else id end as id,
         case when kind = 9 then '1' || control_number else control_number end as control_number,
         case when kind = 0 then amount_minor + 100 else amount_minor end as amount_minor,
         case when kind = 1 then 'USD' else 'TZS' end as currency, receipt_number, paid_at
    from paid where kind <> 3
), more as (
  select id, control_number, amount_minor, 'TZS' as currency, receipt_number, paid_at from paid where kind = 2
  union all
  select 'MISSING' || id, control_number, 100, 'TZS', '', paid_at from paid where kind = 4
  union all
  select 'UNKNOWN' || id, '1' || control_number, 100, 'TZS', '', paid_at from paid where kind = 5
  union all
  select 'REFUSED' || id, control_number, 100, 'TZS', '', paid_at from paid where kind = 6
), refused as (
  insert into payment_notification
    (id, psp_id, psp_transaction_id, control_number, amount_minor, currency, outcome, status_code, message_id, paid_at,
     result_queued_at)
  select uuidv7(), $1, 'REFUSED' || id, control_number, 100, 'TZS', 'refused', 'bill-expired', uuidv7(), paid_at, paid_at
    from paid where kind = 6
), line as (
  insert into bench_line select * from own union all select * from more returning 1
), before as (
  insert into bench_line_before
  select id, control_number, amount_minor, 'TZS', receipt_number, paid_at - interval '1 day' from paid where kind = 7
), plant as (
  insert into bench_plant
  select (array['amount-differs', 'currency-differs', 'duplicate-line', 'missing-there', 'missing-here', 'unknown-number',
                'refused-here', 'wrong-day', 'number-amount-day', 'receipt-number'])[kind + 1],
         case kind when 2 then id || '#2' when 4 then 'MISSING' || id when 5 then 'UNKNOWN' || id
                   when 6 then 'REFUSED' || id when 8 then 'STRANGE' || id when 9 then 'STRANGE' || id else id end
    from paid where kind < 10 returning 1
)
select (select count(*)::integer from line) as lines, (select count(*)::integer from plant) as planted
