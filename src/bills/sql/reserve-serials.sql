-- Reserves consecutive serials of one institution's control-number ranges, in range order.
-- $1 integer institution; $2 integer how many
-- returns: per range the first serial and how many, together at most $2
-- locks: the institution's range rows, in id order
with range as (
  select id, prefix, has_check_digit, next_serial, capacity - next_serial as free
    from control_number_range where party_id = $1 order by id for update
), share as (
  select *, greatest(0, least(free, $2 - coalesce(sum(free) over (order by id rows between unbounded preceding and 1 preceding), 0)))
              ::bigint as taken
    from range
), moved as (
  update control_number_range r set next_serial = r.next_serial + s.taken
    from share s where s.id = r.id and s.taken > 0
  returning r.id
)
select prefix, has_check_digit, next_serial as first_serial, taken, free - taken as left_over
  from share where taken > 0 order by id;
