-- The PSPs whose run of an open day is due: there is none since the instant over the statement that is live now, or over
-- its absence; or a payment came since then that an open line of the run may mean, or a minute before, for it may have
-- been under way; or the run was overtaken. Before that instant, only those that were overtaken.
-- $1 date business day; $2 timestamptz from when the day's run is due
-- returns: id, code, and id of the live statement, by code
-- locks: nothing; relies on payment_by_day, discrepancy_by_run, payment_psp_transaction_key, payment_receipt_number_key
select p.id as "pspId", p.code as "pspCode", s.id as "statementId"
  from party p
  left join statement s on s.psp_id = p.id and s.business_day = $1::date and s.is_live
  left join reconciliation_run r on r.psp_id = p.id and r.business_day = $1::date and r.is_latest
 where p.kind = 'payment-service-provider'
   and (s.id is not null or exists (select from payment y where y.psp_id = p.id and y.business_day = $1::date))
   and not exists (select from closed_day c where c.day >= $1::date)
   and (r.is_outdated
        or gateway_now() >= $2::timestamptz
           and (r.id is null or r.ran_at < $2::timestamptz or r.statement_id is distinct from s.id
                or exists (
                  select from discrepancy d join statement_line l on l.id = d.statement_line_id
                   where d.last_run = r.id and d.state in ('open', 'awaiting-approval')
                     and d.kind in ('missing-here', 'refused-here', 'unknown-number')
                     and (exists (select from payment y
                                   where y.psp_id = p.id and y.psp_transaction_id = l.psp_transaction_id
                                     and y.received_at > r.ran_at - interval '1 minute')
                          or exists (select from payment y
                                      where y.control_number = l.control_number and y.psp_id = p.id
                                        and y.amount_minor = l.amount_minor and y.currency = l.currency
                                        and y.business_day between $1::date - 1 and $1::date + 1
                                        and y.received_at > r.ran_at - interval '1 minute')
                          or exists (select from payment y
                                      where y.receipt_number = l.receipt_number and y.psp_id = p.id
                                        and y.amount_minor = l.amount_minor and y.currency = l.currency
                                        and y.received_at > r.ran_at - interval '1 minute')))))
 order by p.code;
