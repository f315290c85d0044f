-- Collections by one dimension and by period, from the ledger alone: what was credited to institutions, to their surplus
-- and to suspense, less what was taken back. A PSP and a channel are those of the entry; `none` where it names none.
-- $1 date first day; $2 date last day; $3 text SP code or null; $4 text PSP code or null; $5 text GFS code or null;
-- $6 text channel or null; $7 text currency or null; $8 text by: sp, gfs, psp, channel or currency;
-- $9 text period: whole, day, month or fiscal-year
-- returns: per period, key and currency: entries, collected, takenBack and net in minor units
-- Closed days come from their kept sums, in which entries that are alike are one row of each of their accounts; the days
-- after them come from the postings.
-- locks: nothing; reads the partitions of the open days; relies on collection_day_pkey
with kept as materialized (
  select coalesce(max(business_day), '-infinity'::date) as day from collection_day
), owner as (
  select id, currency, case kind when 'suspense' then 'suspense' else split_part(name, ':', 2) end as sp,
         case kind when 'sp-payable' then split_part(name, ':', 3)
                   when 'sp-surplus' then 'surplus' else kind end as gfs
    from ledger_account
   where kind in ('sp-payable', 'sp-surplus', 'suspense')
     and ($3::text is null or (kind <> 'suspense' and split_part(name, ':', 2) = $3))
     and ($7::text is null or currency = $7)
), held as (
  select p.entry_id,
         coalesce(min(split_part(a.name, ':', 2)) filter (where a.kind <> 'suspense'),
                  min(split_part(a.name, ':', 2))) as psp
    from posting p join ledger_account a on a.id = p.account_id
   where ($8::text = 'psp' or $4::text is not null)
     and p.business_day > (select day from kept) and p.business_day between $1 and $2
     and a.kind in ('psp-receivable', 'disputed-receivable', 'suspense')
   group by p.entry_id
), moved as (
  select d.business_day, d.shape, null::uuid as entry_id, d.entry_count, d.account_id, d.psp, d.channel,
         d.credit_minor, d.debit_minor
    from collection_day d where d.business_day between $1::date and $2::date
  union all
  select p.business_day, null, p.entry_id, 1, p.account_id, h.psp, y.channel, p.credit_minor, p.debit_minor
    from posting p
    join owner o on o.id = p.account_id
    left join held h on h.entry_id = p.entry_id
    left join ledger_entry e
      on e.id = p.entry_id and e.source_kind = 'payment' and ($8 = 'channel' or $6::text is not null)
    left join payment y on y.id = case when e.source_kind = 'payment' then e.source_id::uuid end
   where p.business_day > (select day from kept) and p.business_day between $1 and $2
), placed as (
  select m.*, o.currency,
         case $8 when 'sp' then o.sp
                 when 'gfs' then o.gfs
                 when 'psp' then coalesce(m.psp, 'none')
                 when 'channel' then coalesce(m.channel, 'none')
                 else o.currency end as key,
         case $9::text when 'day' then m.business_day::text
                 when 'month' then to_char(m.business_day, 'YYYY-MM')
                 when 'fiscal-year' then to_char(m.business_day - interval '6 months', 'YYYY') || '/'
                                      || to_char(m.business_day + interval '6 months', 'YYYY')
                 else $1::text || ' – ' || $2::text end as period
    from moved m join owner o on o.id = m.account_id
   where ($4 is null or m.psp = $4)
     and ($5::text is null or o.gfs = $5)
     and ($6 is null or m.channel = $6)
), counted as (
  -- An entry on several accounts is one entry, and so are those of a shape as often as there are of them.
  select period, key, currency,
         case when shape is null then count(distinct entry_id) else max(entry_count) end as entries,
         sum(credit_minor) as credit_minor, sum(debit_minor) as debit_minor
    from placed
   group by period, key, currency, business_day, shape
)
select c.period, c.key, coalesce(party.name, '') as name, c.currency,
       sum(c.entries)::bigint as entries,
       sum(c.credit_minor)::bigint as collected,
       (-sum(c.debit_minor))::bigint as "takenBack",
       sum(c.credit_minor - c.debit_minor)::bigint as net
  from counted c left join party on party.code = c.key and $8 in ('sp', 'psp')
 group by c.period, c.key, party.name, c.currency
 order by c.period, c.key, c.currency;
