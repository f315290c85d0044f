-- What the ledger says of one institution, entry by entry: by bill and GFS code, what was credited and what taken back.
-- $1 date first day; $2 date last day; $3 text SP code; $4 text currency or null
-- returns: per entry and GFS code: the payment and bills it came from where it did, and its amounts in minor units
-- locks: nothing; relies on payment_pkey
select p.business_day as day, e.source_kind as source, y.receipt_number as receipt, y.control_number as "controlNumber",
       owed.bills, psp.code as psp,
       case a.kind when 'sp-surplus' then 'surplus' else split_part(a.name, ':', 3) end as gfs,
       a.currency, p.credit_minor as collected, -p.debit_minor as "takenBack", p.credit_minor - p.debit_minor as net
  from posting p
  join ledger_account a on a.id = p.account_id
  join ledger_entry e on e.id = p.entry_id
  left join payment y on y.id = case when e.source_kind = 'payment' then e.source_id::uuid end
  left join party psp on psp.id = y.psp_id
  left join lateral (
    select string_agg(b.sp_bill_id, ' ' order by b.sp_bill_id) as bills
      from payment_allocation l join bill b on b.id = l.bill_id
     where l.payment_id = y.id and l.sp_id = (select id from party where code = $3)
  ) owed on true
 where p.business_day between $1::date and $2::date
   and a.kind in ('sp-payable', 'sp-surplus') and split_part(a.name, ':', 2) = $3::text
   and ($4::text is null or a.currency = $4)
 order by p.business_day, p.entry_id, p.position;
