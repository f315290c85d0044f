-- Leases due deliveries fairly: at most $2 of each recipient, oldest first, $1 in all. A later delivery of the same
-- subject (a bill's control number) waits until the earlier one is delivered or parked; what is
-- owed to a suspended party waits until it is resumed.
-- $1 integer batch size; $2 integer per recipient; $3 integer lease in seconds; $4 integer[] recipients to leave out
-- returns: the leased rows; attempt_count is the fencing token of this lease
-- locks: delivery rows, skipping locked ones; relies on delivery_due, delivery_by_subject
with due as (
  select d.created_at, d.id
    from party p
    cross join lateral (
      select created_at, id
        from delivery
       where recipient_id = p.id
         and state in ('ready', 'leased')
         and next_attempt_at <= gateway_now()
         and (state = 'ready' or lease_until < gateway_now())
         and not exists (
           select from delivery earlier
            where earlier.subject = delivery.subject
              and earlier.recipient_id = delivery.recipient_id
              and earlier.id < delivery.id
              and earlier.state in ('ready', 'leased'))
       order by next_attempt_at, id
       limit $2
       for update skip locked) d
   where p.id <> all ($4::integer[]) and p.status = 'active'
   limit $1)
update delivery d
   set state = 'leased',
       lease_until = gateway_now() + make_interval(secs => $3),
       attempt_count = d.attempt_count + 1
  from due
 where d.created_at = due.created_at and d.id = due.id
returning d.created_at::text, d.id, d.recipient_id, d.kind, d.message, d.url, d.attempt_count, d.body;
