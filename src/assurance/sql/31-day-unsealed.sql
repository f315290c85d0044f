-- Closed days without a record, and records that do not name the one before.
-- $1 date first business day looked at
-- returns: key, the day
-- locks: nothing
select c.day::text as key from closed_day c left join day_seal s on s.day = c.day where s.day is null and c.day >= $1
union
select s.day::text
  from (select day, previous_hash, lag(hash) over (order by day) as expected from day_seal) s
 where s.day >= $1 and s.previous_hash <> coalesce(s.expected, decode(repeat('00', 32), 'hex'))
