-- Every line and every payment that a run could not match becomes a discrepancy, of the kind that matching.rules says, or
-- keeps the one it has; open ones that the run no longer finds are withdrawn.
-- $1 bigint run; $2 bigint statement (null when there is none); $3 integer PSP; $4 date business day
-- returns: per kind, how many the run found
-- locks: the discrepancies of that PSP and day; relies on statement_line_by_transaction, payment_psp_transaction_key,
-- payment_notification_key, payment_by_day, control_number_pkey, match_by_payment, discrepancy_key
with line as (
  select *, row_number() over (partition by psp_transaction_id order by line_number) as occurrence
    from statement_line where statement_id = $2
), left_line as (
  select l.*, p.id as payment_id, p.amount_minor as our_minor, p.currency as our_currency,
         n.id as notification_id, n.outcome,
         exists (select from match m join reconciliation_run r on r.id = m.run_id
                  where m.payment_id = p.id and r.is_latest and r.id <> $1) as is_matched_elsewhere,
         exists (select from control_number c where c.number = l.control_number) as is_ours
    from line l
    left join payment p on p.psp_id = $3 and p.psp_transaction_id = l.psp_transaction_id
    left join payment_notification n on n.psp_id = $3 and n.psp_transaction_id = l.psp_transaction_id
   where not exists (select from match m where m.run_id = $1 and m.statement_line_id = l.id)
), judged_line as (
  select *, case when occurrence > 1 or is_matched_elsewhere then 'duplicate-line'
                 when payment_id is not null and our_currency = currency then 'amount-differs'
                 when payment_id is not null then 'currency-differs'
                 when outcome = 'refused' then 'refused-here'
                 when not is_ours then 'unknown-number'
                 else 'missing-here' end as kind
    from left_line
), found as (
  select kind, case when kind = 'duplicate-line' then psp_transaction_id || '#' || occurrence else psp_transaction_id end as subject,
         id as line_id, case when occurrence = 1 then payment_id end as payment_id, notification_id,
         amount_minor as their_minor, our_minor, currency
    from judged_line
  union all
  select 'missing-there', p.psp_transaction_id, null, p.id, null, null, p.amount_minor, p.currency
    from payment p
   where p.psp_id = $3 and p.business_day = $4 and $2::bigint is not null
     and not exists (select from match m join reconciliation_run r on r.id = m.run_id
                      where m.payment_id = p.id and r.is_latest)
     and not exists (select from left_line l where l.payment_id = p.id and l.occurrence = 1)
), raised as (
  insert into discrepancy (psp_id, business_day, kind, subject, statement_line_id, payment_id, notification_id,
                           their_amount_minor, our_amount_minor, currency, raised_by_run, last_run)
  select $3, $4, kind, subject, line_id, payment_id, notification_id, their_minor, our_minor, currency, $1, $1 from found
  on conflict on constraint discrepancy_key do update
     set last_run = $1, statement_line_id = excluded.statement_line_id, their_amount_minor = excluded.their_amount_minor,
         currency = excluded.currency,
         state = case when discrepancy.state = 'withdrawn' then 'open' else discrepancy.state end, closed_at = null
  returning kind
), withdrawn as (
  update discrepancy d set state = 'withdrawn', closed_at = gateway_now()
   where d.psp_id = $3 and d.business_day = $4 and d.state = 'open'
     and not exists (select from found f where f.kind = d.kind and f.subject = d.subject)
)
select kind, count(*)::integer as count from raised group by kind order by kind;
