-- Writes into each open discrepancy of a run that is about a line which payments came near it, five at most, and on what
-- each failed: of the same transaction id, the same receipt, or the same control number within three days.
-- $1 bigint run; $2 integer PSP; $3 date business day
-- returns: ids of the discrepancies
-- locks: the discrepancies of the run; relies on payment_by_control_number, discrepancy_by_run
with line as (
  select d.id as discrepancy_id, l.psp_transaction_id, l.receipt_number, l.control_number, l.amount_minor, l.currency
    from discrepancy d join statement_line l on l.id = d.statement_line_id
   where d.last_run = $1 and d.state in ('open', 'awaiting-approval')
), near as (
  -- Each line with what came near it, and once with nothing: nothing is joined to it again, for a join of steps whose
  -- rows the planner cannot count loops over all of them for each.
  select l.*, p.id from line l
    join payment p on p.psp_id = $2 and p.psp_transaction_id = l.psp_transaction_id
  union
  select l.*, p.id from line l
    join payment p on p.receipt_number = l.receipt_number and p.psp_id = $2
  union
  select l.*, c.id from line l
    cross join lateral (select p.id from payment p
                         where p.control_number = l.control_number and p.psp_id = $2
                           and p.business_day between $3::date - 3 and $3::date + 3
                         order by p.business_day <> $3::date, p.received_at, p.id limit 5) c
  union
  select l.*, null from line l
), judged as (
  select l.discrepancy_id, p.received_at, p.id,
         jsonb_build_object(
           'transactionId', p.psp_transaction_id, 'receiptNumber', p.receipt_number,
           'failed', to_jsonb(array_remove(array[
             case when p.amount_minor <> l.amount_minor then 'amount' end,
             case when p.currency <> l.currency then 'currency' end,
             case when p.psp_transaction_id <> l.psp_transaction_id then 'transaction-id' end,
             case when p.control_number <> l.control_number then 'control-number' end,
             case when p.business_day not between $3::date - 1 and $3::date + 1 then 'day' end,
             case when exists (select from match m join reconciliation_run r on r.id = m.run_id
                                where m.payment_id = p.id and r.is_latest) then 'matched-already' end], null))) as said
    from near l left join payment p on p.id = l.id
), listed as (
  select discrepancy_id, coalesce(jsonb_agg(said order by received_at, id) filter (where id is not null), '[]') as candidates
    from judged group by discrepancy_id
)
update discrepancy d set detail = d.detail || jsonb_build_object('candidates', x.candidates)
  from listed x where d.id = x.discrepancy_id
returning d.id;
