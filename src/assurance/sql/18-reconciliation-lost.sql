-- Latest reconciliation runs that lost or doubled something: a line of the statement that is neither matched nor a
-- discrepancy, or is both; a run whose counts are not those of its rows; a payment matched by two latest runs.
-- $1 date first business day looked at
-- returns: key, the run, with the line or the payment
-- locks: nothing
with run as (
  select * from reconciliation_run where is_latest and statement_id is not null and business_day >= $1
), line as (
  select r.id as run_id, l.id as line_id,
         (m.statement_line_id is not null)::integer + (d.statement_line_id is not null)::integer as places
    from run r
    join statement_line l on l.statement_id = r.statement_id
    left join match m on m.run_id = r.id and m.statement_line_id = l.id
    left join (select distinct x.last_run, x.statement_line_id
                 from run join discrepancy x on x.last_run = run.id and x.statement_line_id is not null) d
      on d.last_run = r.id and d.statement_line_id = l.id
)
select run_id || ' line ' || line_id as key from line where places <> 1
union all
select r.id::text
  from run r
  left join (select run_id, count(*) as lines from line group by run_id) l on l.run_id = r.id
  left join (select x.run_id, count(*) as matches from run join match x on x.run_id = run.id group by x.run_id) m
    on m.run_id = r.id
 where r.line_count <> coalesce(l.lines, 0) or r.match_count <> coalesce(m.matches, 0)
union all
select min(r.id) || ' payment ' || m.payment_id
  from run r join match m on m.run_id = r.id
 group by m.payment_id having count(*) > 1
