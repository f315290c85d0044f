-- Leases due deliveries fairly: of each endpoint at most its room, in turns (the first of everybody before the second
-- of anybody), $1 in all. A later delivery of the same subject (a bill's control number) to the same endpoint waits
-- until the earlier one is delivered or parked; what is owed to a suspended party waits until it is resumed. An endpoint
-- whose breaker is open gets nothing; when its pause has ended, one probe, and the pause is prolonged by the lease, so
-- that no other worker sends a second.
-- $1 integer batch size; $2 integer room of an endpoint that is not listed; $3 integer lease in seconds;
-- in parallel: $4 integer[] recipients, $5 text[] endpoints, $6 integer[] the room of each, which may be 0
-- returns: the leased rows; attempt_count is the fencing token of this lease; pause_ms tells a probe
-- locks: delivery rows and breaker rows, skipping locked ones; relies on delivery_due, delivery_open_by_subject
with recursive owed as (
  (select recipient_id, endpoint from delivery where settled_at is null order by recipient_id, endpoint limit 1)
  union all
  select following.recipient_id, following.endpoint
    from owed o
    cross join lateral (
      select d.recipient_id, d.endpoint from delivery d
       where d.settled_at is null and (d.recipient_id, d.endpoint) > (o.recipient_id, o.endpoint)
       order by d.recipient_id, d.endpoint limit 1) following
), shut as (
  select recipient_id, endpoint, open_until, pause_ms from delivery_breaker
), probed as materialized (
  select recipient_id, endpoint from delivery_breaker
   where open_until <= gateway_now() for update skip locked
), open_to as (
  select p.id, p.code, o.endpoint,
         case when s.recipient_id is null then coalesce(r.room, $2)
              when b.recipient_id is null then 0
              else least(coalesce(r.room, $2), 1) end as room,
         s.pause_ms
    from owed o
    join party p on p.id = o.recipient_id and p.status = 'active'
    left join unnest($4::integer[], $5::text[], $6::integer[]) as r (recipient_id, endpoint, room)
      on r.recipient_id = p.id and r.endpoint = o.endpoint
    left join shut s on s.recipient_id = p.id and s.endpoint = o.endpoint
    left join probed b on b.recipient_id = p.id and b.endpoint = o.endpoint
), candidates as (
  select d.created_at, d.id, d.recipient_id, d.endpoint, t.code, t.pause_ms,
         row_number() over (partition by d.recipient_id, d.endpoint order by d.next_attempt_at, d.id) as turn
    from open_to t
    cross join lateral (
      select created_at, id, recipient_id, endpoint, next_attempt_at
        from delivery
       where recipient_id = t.id
         and endpoint = t.endpoint
         and settled_at is null
         and next_attempt_at <= gateway_now()
         and (state = 'ready' or (state = 'leased' and lease_until < gateway_now()))
         -- The first that is open of its subject. A look-up for each row looked at, since an anti-join is built over all
         -- that is open, at every claim; and "not after", which is the same, since an estimate of one row for "equal"
         -- makes the planner sort everything due instead of reading it in order until the room is full.
         and id <= (
           select earliest.id from delivery earliest
            where earliest.recipient_id = delivery.recipient_id
              and earliest.endpoint = delivery.endpoint
              and earliest.subject = delivery.subject
              and earliest.settled_at is null
            order by earliest.id limit 1)
       order by next_attempt_at, id
       limit t.room
       for update skip locked) d
   where t.room > 0
), due as materialized (
  select * from candidates order by turn, recipient_id, endpoint limit $1
), probing as (
  update delivery_breaker b set open_until = gateway_now() + make_interval(secs => $3)
    from due
   where due.pause_ms is not null and b.recipient_id = due.recipient_id and b.endpoint = due.endpoint
)
update delivery d
   set state = 'leased',
       lease_until = gateway_now() + make_interval(secs => $3),
       attempt_count = d.attempt_count + 1
  from due left join delivery_trust t on t.recipient_id = due.recipient_id
 where d.created_at = due.created_at and d.id = due.id
returning d.created_at::text, d.id, d.recipient_id, d.endpoint, due.code as recipient_code, d.kind, d.message, d.url,
  d.attempt_count, d.failure_count, d.body, due.pause_ms, t.ca_pem;
