-- Bills whose covers do not add up. Each time a bill is covered one payment says so, numbered from 1; an exact or full
-- bill takes no other payment; and a bill is paid if and only if it was covered once more than it was uncovered.
-- $1 date first business day looked at: bills paid since; -infinity for all bills
-- returns: key, the bill
-- locks: nothing
with scope as (
  select id from bill where $1 = '-infinity'::date
  union
  select a.bill_id from payment p join payment_allocation a on a.payment_id = p.id
   where p.business_day >= $1 and $1 <> '-infinity'::date
), covered as (
  select a.bill_id, count(*) as parts, count(a.cover_number) as covers, max(a.cover_number) as last_cover
    from scope s join payment_allocation a on a.bill_id = s.id
   group by a.bill_id
)
select b.id::text as key
  from scope join bill b using (id)
  left join covered c on c.bill_id = b.id
  left join (select bill_id, count(*) as times from payment_reversal_part where uncovers group by bill_id) u
    on u.bill_id = b.id
 where coalesce(c.covers, 0) <> b.cover_number
    or coalesce(c.last_cover, 0) <> b.cover_number
    or (b.payment_option in ('exact', 'full') and coalesce(c.parts, 0) <> b.cover_number)
    or b.cover_number - coalesce(u.times, 0) <> (b.state = 'paid')::integer
