-- Every line and every payment that a run could not match becomes a discrepancy, of the kind that matching.rules says, or
-- keeps the one it has, as foundAgain of discrepancy.rules says; those that the run no longer finds are withdrawn. What
-- changed is in the history.
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
         (select min(r.business_day) from match m join reconciliation_run r on r.id = m.run_id
           where m.payment_id = p.id and r.is_latest and r.id <> $1) as matched_on,
         exists (select from control_number c where c.number = l.control_number) as is_ours
    from line l
    left join payment p on p.psp_id = $3 and p.psp_transaction_id = l.psp_transaction_id
    left join payment_notification n on n.psp_id = $3 and n.psp_transaction_id = l.psp_transaction_id
   where not exists (select from match m where m.run_id = $1 and m.statement_line_id = l.id)
), judged_line as (
  select *, case when occurrence > 1 then 'duplicate-line'
                 when matched_on in ($4::date - 1, $4::date + 1) then 'wrong-day'
                 when matched_on is not null then 'duplicate-line'
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
), before as (
  select id, kind, subject, state, their_amount_minor, our_amount_minor, currency
    from discrepancy where psp_id = $3 and business_day = $4
), weighed as (
  select f.*, b.id as known_id,
         b.state = 'withdrawn' or d.is_other and b.state <> 'open' as is_reopened, d.is_other
    from found f
    left join before b using (kind, subject)
    cross join lateral (select (b.their_amount_minor, b.our_amount_minor, b.currency)
                               is distinct from (f.their_minor, f.our_minor, f.currency) as is_other) d
), added as (
  insert into discrepancy (psp_id, business_day, kind, subject, statement_line_id, payment_id, notification_id,
                           their_amount_minor, our_amount_minor, currency, raised_by_run, last_run)
  select $3, $4, kind, subject, line_id, payment_id, notification_id, their_minor, our_minor, currency, $1, $1
    from weighed where known_id is null
  returning id
), found_again as (
  update discrepancy d
     set last_run = $1, statement_line_id = w.line_id, payment_id = w.payment_id, notification_id = w.notification_id,
         their_amount_minor = w.their_minor, our_amount_minor = w.our_minor, currency = w.currency,
         state = case when w.is_reopened then 'open' else d.state end,
         closed_at = case when w.is_reopened then null else d.closed_at end,
         revision = d.revision + (w.is_reopened or w.is_other)::integer
    from weighed w where d.id = w.known_id
), withdrawn as (
  update discrepancy d set state = 'withdrawn', closed_at = gateway_now(), revision = revision + 1
   where d.psp_id = $3 and d.business_day = $4 and d.state in ('open', 'awaiting-approval')
     and d.last_run is not null
     and not exists (select from found f where f.kind = d.kind and f.subject = d.subject)
  returning id
), told as (
  insert into discrepancy_event (discrepancy_id, action, actor, detail)
  select id, action, 'malipo', jsonb_build_object('run', $1::bigint)
    from (select id, 'raised' as action from added
          union all select known_id, 'reopened' from weighed where is_reopened
          union all select id, 'withdrawn' from withdrawn) e
)
select kind, count(*)::integer as count from found group by kind order by kind;
