-- Everything that a business day holds, a line of RFC 8785 JSON for each payment with its bills and postings, for each
-- other ledger entry, for each line of the statement that the latest run compared with its match, for each such
-- statement and for each discrepancy. By the keys that business knows: ids that were drawn at random stay outside.
-- Amounts are minor units, instants UTC.
-- $1 date business day
-- returns: line, in bytewise order
-- locks: nothing; reads the day from end to end
with entry as (
  select e.id, e.source_kind, e.source_id, e.currency, e.refers_to_day,
         string_agg('[' || to_json(a.name) || ','
                    || case when g.debit_minor > 0 then '"debit","' || g.debit_minor else '"credit","' || g.credit_minor end
                    || '"]', ',' order by a.name collate "C", g.debit_minor, g.credit_minor) as postings
    from ledger_entry e
    join posting g on g.business_day = e.business_day and g.entry_id = e.id
    join ledger_account a on a.id = g.account_id
   where e.business_day = $1::date and g.business_day = $1::date
   group by e.id
), bill_part as (
  select l.payment_id,
         string_agg('{"account":' || to_json(coalesce(l.collection_account, '')) || ',"bill":' || to_json(b.sp_bill_id)
                    || ',"principal":"' || l.principal_minor || '","sp":' || to_json(s.code)
                    || ',"surplus":"' || l.surplus_minor || '"}',
                    ',' order by s.code collate "C", b.sp_bill_id collate "C") as parts
    from payment p
    join payment_allocation l on l.payment_id = p.id
    join bill b on b.id = l.bill_id
    join party s on s.id = l.sp_id
   where p.business_day = $1::date
   group by l.payment_id
), run as (
  select r.id, r.statement_id, y.code as psp
    from reconciliation_run r join party y on y.id = r.psp_id
   where r.business_day = $1::date and r.is_latest
), line (line) as (
  select '{"amount":"' || p.amount_minor || '","bills":[' || coalesce(b.parts, '') || '],"channel":' || to_json(p.channel)
         || ',"collectionAccount":' || to_json(p.collection_account) || ',"controlNumber":' || to_json(p.control_number)
         || ',"currency":"' || p.currency || '","destination":"' || p.destination || '","kind":"payment","paidAt":"'
         || to_char(p.paid_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","postings":['
         || coalesce(e.postings, '') || '],"psp":' || to_json(y.code) || ',"receipt":' || to_json(p.receipt_number)
         || ',"receivedAt":"' || to_char(p.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
         || '","transactionId":' || to_json(p.psp_transaction_id) || '}'
    from payment p
    join party y on y.id = p.psp_id
    left join bill_part b on b.payment_id = p.id
    left join entry e on e.source_kind = 'payment' and e.source_id = p.id::text
   where p.business_day = $1::date
  union all
  select '{"currency":"' || e.currency || '","kind":"entry","postings":[' || e.postings || '],"refersTo":'
         || coalesce('"' || e.refers_to_day || '"', 'null') || ',"source":' || to_json(e.source_kind) || '}'
    from entry e
    left join payment p on e.source_kind = 'payment' and p.id::text = e.source_id and p.business_day = $1::date
   where p.id is null
  union all
  select '{"amount":"' || l.amount_minor || '","controlNumber":' || to_json(l.control_number) || ',"currency":"'
         || l.currency || '","kind":"statement-line","line":' || l.line_number || ',"match":'
         || case when m.run_id is null then 'null'
                 else '[' || to_json(m.rule) || ',' || to_json(p.psp_transaction_id) || ']' end
         || ',"paidAt":"' || to_char(l.paid_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","psp":'
         || to_json(r.psp) || ',"receipt":' || to_json(l.receipt_number) || ',"transactionId":'
         || to_json(l.psp_transaction_id) || '}'
    from run r
    join statement_line l on l.statement_id = r.statement_id
    left join match m on m.run_id = r.id and m.statement_line_id = l.id
    left join payment p on p.id = m.payment_id
  union all
  select '{"file":"' || encode(s.file_digest, 'hex') || '","kind":"statement","lines":' || s.line_count || ',"psp":'
         || to_json(r.psp) || ',"revision":' || s.revision || '}'
    from run r join statement s on s.id = r.statement_id
  union all
  select '{"currency":' || to_json(d.currency) || ',"discrepancy":"' || d.kind || '","kind":"discrepancy","ours":'
         || coalesce('"' || d.our_amount_minor || '"', 'null') || ',"psp":' || coalesce(to_json(y.code)::text, 'null')
         || ',"state":"' || d.state || '","subject":' || to_json(d.subject) || ',"theirs":'
         || coalesce('"' || d.their_amount_minor || '"', 'null') || '}'
    from discrepancy d left join party y on y.id = d.psp_id
   where d.business_day = $1::date
)
select line from line order by line collate "C"
