-- What the ledger says of one institution, entry by entry: by bill and GFS code, what was credited and what taken back, and
-- whether it is at the bank: it is when every clearing that the payment belongs to came whole. An entry of officers is of
-- the payment that it changes; one of no payment is neither at the bank nor on its way.
-- $1 date first day; $2 date last day; $3 text SP code; $4 text currency or null
-- returns: per entry and GFS code: the payment and bills it came from where it did, and its amounts in minor units
-- locks: nothing; relies on payment_pkey
select p.business_day as day, e.source_kind as source, y.receipt_number as receipt, y.control_number as "controlNumber",
       owed.bills, psp.code as psp,
       case a.kind when 'sp-surplus' then 'surplus' else split_part(a.name, ':', 3) end as gfs,
       a.currency, p.credit_minor as collected, -p.debit_minor as "takenBack", p.credit_minor - p.debit_minor as net,
       case when owed.is_settled then p.credit_minor - p.debit_minor else 0 end as settled,
       case when not owed.is_settled then p.credit_minor - p.debit_minor else 0 end as "inTransit"
  from posting p
  join ledger_account a on a.id = p.account_id
  join ledger_entry e on e.id = p.entry_id
  left join payment y on y.id = case
    when e.source_kind in ('payment', 'placement') then e.source_id::uuid
    when e.source_kind = 'reversal' then (select r.payment_id from payment_reversal r where r.id = e.source_id::uuid)
    when e.source_kind in ('refund', 'refund-return') then (select f.payment_id from refund f where f.id = e.source_id::uuid)
    when e.source_kind in ('resolution', 'resolution-undo')
      then (select d.payment_id from discrepancy d where d.id = split_part(e.source_id, '/', 1)::bigint) end
  left join party psp on psp.id = y.psp_id
  left join lateral (
    select string_agg(b.sp_bill_id, ' ' order by b.sp_bill_id) as bills, bool_and(c.is_settled) as is_settled
      from collected_part c join bill b on b.id = c.bill_id
     where c.payment_id = y.id and c.sp_id = (select id from party where code = $3)
  ) owed on true
 where p.business_day between $1::date and $2::date
   and a.kind in ('sp-payable', 'sp-surplus') and split_part(a.name, ':', 2) = $3::text
   and ($4::text is null or a.currency = $4)
 order by p.business_day, p.entry_id, p.position;
