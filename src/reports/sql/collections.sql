-- Collections by one dimension and by period, from the ledger alone: what was credited to institutions, to their surplus
-- and to suspense, less what was taken back. A PSP and a channel are those of the entry; `none` where it names none.
-- $1 date first day; $2 date last day; $3 text SP code or null; $4 text PSP code or null; $5 text GFS code or null;
-- $6 text channel or null; $7 text currency or null; $8 text by: sp, gfs, psp, channel or currency;
-- $9 text period: whole, day, month or fiscal-year
-- returns: per period, key and currency: entries, collected, takenBack and net in minor units
-- locks: nothing; reads the partitions of the days
with owed as (
  select p.business_day, p.entry_id, a.currency, p.credit_minor, p.debit_minor,
         case a.kind when 'suspense' then 'suspense' else split_part(a.name, ':', 2) end as sp,
         case a.kind when 'sp-payable' then split_part(a.name, ':', 3)
                     when 'sp-surplus' then 'surplus' else a.kind end as gfs
    from posting p join ledger_account a on a.id = p.account_id
   where p.business_day between $1::date and $2::date
     and a.kind in ('sp-payable', 'sp-surplus', 'suspense')
     and ($3::text is null or (a.kind <> 'suspense' and split_part(a.name, ':', 2) = $3))
     and ($7::text is null or a.currency = $7)
), held as (
  select p.entry_id,
         coalesce(min(split_part(a.name, ':', 2)) filter (where a.kind <> 'suspense'),
                  min(split_part(a.name, ':', 2))) as psp
    from posting p join ledger_account a on a.id = p.account_id
   where ($8::text = 'psp' or $4::text is not null)
     and p.business_day between $1 and $2
     and a.kind in ('psp-receivable', 'disputed-receivable', 'suspense')
   group by p.entry_id
), placed as (
  select o.*,
         case $8 when 'sp' then o.sp
                 when 'gfs' then o.gfs
                 when 'psp' then coalesce(h.psp, 'none')
                 when 'channel' then coalesce(y.channel, 'none')
                 else o.currency end as key,
         case $9::text when 'day' then o.business_day::text
                 when 'month' then to_char(o.business_day, 'YYYY-MM')
                 when 'fiscal-year' then to_char(o.business_day - interval '6 months', 'YYYY') || '/'
                                      || to_char(o.business_day + interval '6 months', 'YYYY')
                 else $1::text || ' – ' || $2::text end as period
    from owed o
    left join held h on h.entry_id = o.entry_id
    left join ledger_entry e
      on e.id = o.entry_id and e.source_kind = 'payment' and ($8 = 'channel' or $6::text is not null)
    left join payment y on y.id = case when e.source_kind = 'payment' then e.source_id::uuid end
   where ($4 is null or h.psp = $4)
     and ($5::text is null or o.gfs = $5)
     and ($6 is null or y.channel = $6)
)
select p.period, p.key, coalesce(party.name, '') as name, p.currency,
       count(distinct p.entry_id) as entries,
       sum(p.credit_minor)::bigint as collected,
       (-sum(p.debit_minor))::bigint as "takenBack",
       sum(p.credit_minor - p.debit_minor)::bigint as net
  from placed p left join party on party.code = p.key and $8 in ('sp', 'psp')
 group by p.period, p.key, party.name, p.currency
 order by p.period, p.key, p.currency;
