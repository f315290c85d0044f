-- Matches the lines of a run's statement to the PSP's payments, rule by rule, as matching.rules says: by transaction id;
-- then lines under a strange id by control number, sum and day ± 1, one to one, in order of line and, payments of the
-- day first, of receipt; then by receipt number. What the latest run of another day has matched is not free.
-- $1 bigint run; $2 bigint statement; $3 integer PSP; $4 date business day
-- returns: the number of matches
-- locks: nothing that exists; relies on statement_line_by_transaction, payment_psp_transaction_key, payment_by_day,
-- payment_receipt_number_key, match_by_payment
with line as (
  select *, row_number() over (partition by psp_transaction_id order by line_number) as occurrence
    from statement_line where statement_id = $2
), by_id as (
  select l.id as line_id, p.id as payment_id, 'transaction-id' as rule
    from line l
    join payment p on p.psp_id = $3 and p.psp_transaction_id = l.psp_transaction_id
                  and p.amount_minor = l.amount_minor and p.currency = l.currency
   where l.occurrence = 1
     and not exists (select from match m join reconciliation_run r on r.id = m.run_id
                      where m.payment_id = p.id and r.is_latest and r.id <> $1)
), strange_line as (
  select l.*, row_number() over (partition by control_number, amount_minor, currency order by line_number) as place
    from line l
   where l.occurrence = 1
     and not exists (select from payment_notification n
                      where n.psp_id = $3 and n.psp_transaction_id = l.psp_transaction_id)
), near_payment as (
  select p.*, row_number() over (partition by control_number, amount_minor, currency
                                 order by business_day <> $4::date, received_at, id) as place
    from payment p
   where p.psp_id = $3 and p.business_day between $4::date - 1 and $4::date + 1
     and not exists (select from line l where l.psp_transaction_id = p.psp_transaction_id)
     and not exists (select from match m join reconciliation_run r on r.id = m.run_id
                      where m.payment_id = p.id and r.is_latest and r.id <> $1)
), paired as (
  -- One pass over both sides in place of a join: the planner cannot know how many lines are strange, and loops.
  select max(line_id) as line_id, (array_agg(payment_id) filter (where payment_id is not null))[1] as payment_id,
         max(line_number) as line_number, max(receipt_number) as receipt_number, amount_minor, currency
    from (select control_number, amount_minor, currency, place, id as line_id, null::uuid as payment_id, line_number,
                 receipt_number
            from strange_line
           union all
          select control_number, amount_minor, currency, place, null, id, null, null from near_payment) side
   group by control_number, amount_minor, currency, place
  having count(line_id) = 1
), by_place as (
  select line_id, payment_id, 'number-amount-day' as rule, line_number from paired where payment_id is not null
  union all
  select l.line_id, p.id, 'receipt-number', l.line_number
    from paired l
    join payment p on p.receipt_number = l.receipt_number and p.psp_id = $3
                  and p.amount_minor = l.amount_minor and p.currency = l.currency
   where l.payment_id is null
     and not exists (select from line o where o.psp_transaction_id = p.psp_transaction_id)
     and not exists (select from match m join reconciliation_run r on r.id = m.run_id
                      where m.payment_id = p.id and r.is_latest and r.id <> $1)
), by_rest as (
  -- A payment goes by its number before its receipt, and of several receipts to the first line.
  select distinct on (payment_id) line_id, payment_id, rule
    from by_place order by payment_id, rule = 'receipt-number', line_number
), added as (
  insert into match (run_id, statement_line_id, payment_id, rule, inputs)
  select $1, m.line_id, m.payment_id, m.rule,
         jsonb_build_object('ruleVersion', 1, 'transactionId', l.psp_transaction_id, 'controlNumber', l.control_number,
                            'amountMinor', l.amount_minor::text, 'currency', l.currency,
                            'receiptNumber', l.receipt_number)
    from (select * from by_id union all select * from by_rest) m
    join line l on l.id = m.line_id
  returning 1
)
select count(*)::integer as count from added;
