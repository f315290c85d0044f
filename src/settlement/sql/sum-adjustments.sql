-- What officers' entries changed on money that PSPs hold: reversals, corrections, disputes, fees, late credits taken over.
-- An entry that resolves a discrepancy counts for the clearing day or the day of that discrepancy, a reversal for the day
-- of its payment, any other for the day that it refers to.
-- (no parameters)
-- returns: PSP, account, currency, clearing day, net debit in minor units
-- locks: nothing; relies on ledger_entry_of_officers, posting_pkey
with entry as (
  select e.*, coalesce(d.clearing_day, r.business_day, e.refers_to_day, e.business_day) as clearing_day
    from ledger_entry e
    left join lateral (
      select coalesce((x.detail->>'clearingDay')::date, x.business_day) as clearing_day from discrepancy x
       where x.id = case when e.source_kind in ('resolution', 'resolution-undo') then split_part(e.source_id, '/', 1)::bigint end) d on true
    left join lateral (
      select p.business_day from payment_reversal v join payment p on p.id = v.payment_id
       where v.id = case e.source_kind when 'reversal' then e.source_id::uuid end) r on true
   where e.source_kind not in ('payment', 'bank-opening', 'bank-entry', 'bank-match')
)
select y.id as "pspId", substr(a.name, length('psp-receivable:' || y.code) + 2) as "collectionAccount", a.currency,
       e.clearing_day as "clearingDay",
       sum(p.debit_minor - p.credit_minor)::bigint as "adjustedMinor"
  from entry e
  join posting p on p.business_day = e.business_day and p.entry_id = e.id
  join ledger_account a on a.id = p.account_id and a.kind = 'psp-receivable'
  join party y on y.code = split_part(a.name, ':', 2)
 group by y.id, y.code, a.name, a.currency, e.clearing_day;
