-- Moves bills past their expiry instant to expired, a batch at a time, in the order of that instant from a mark on. A
-- full batch moves the mark behind itself; another puts it ten minutes before now, so that a bill whose transaction was
-- still open is met next time. A clock that was set back begins anew.
-- $1 integer batch size
-- returns: the bills that were due, as many as the batch when there may be more
-- locks: the mark; the bill rows in id order, as payments lock them; relies on bill_by_expiry
with mark as (
  select case when expires_at > gateway_now() then '-infinity' else expires_at end as expires_at, id
    from bill_expiry_mark for update
), due as materialized (
  select b.id, b.expires_at
    from mark m
    cross join lateral (
      select id, expires_at from bill
       where (expires_at, id) > (m.expires_at, m.id) and expires_at < gateway_now()
         and state in ('open', 'partly-paid')
       order by expires_at, id limit $1::integer
    ) b
), locked as (
  select b.id from bill b
   where b.id in (select id from due) and b.state in ('open', 'partly-paid') and b.expires_at < gateway_now()
   order by b.id for update
), moved as (
  update bill b set state = 'expired', version = version + 1 from locked l where b.id = l.id
), last as (
  select expires_at, id from due order by expires_at desc, id desc limit 1
), marked as (
  update bill_expiry_mark m
     set expires_at = coalesce(l.expires_at, gateway_now() - interval '10 minutes'),
         id = coalesce(l.id, '00000000-0000-0000-0000-000000000000')
    from (select 1) one left join last l on (select count(*) from due) = $1::integer
)
select id from due;
