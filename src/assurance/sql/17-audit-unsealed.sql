-- The oldest audit event that has been final for two minutes and is in no block, while a worker is there to seal it. A
-- clock that a sandbox has set says nothing about age, so it is not asked then.
-- $1 date not used: the chain has one end ($1 is read, so that all invariants are asked alike)
-- returns: key, the event
-- locks: nothing; relies on audit_event_by_place
with head as (
  select coalesce(max(last_place), -1) as place from audit_block
), last as (
  select h.place, coalesce((select max(last_id) from audit_block b where b.last_place = h.place), 0) as id from head h
)
select 'event ' || min(e.id) || ' is in no block' as key
  from last l join audit_event e on e.place >= l.place and (e.place > l.place or e.id > l.id)
 where e.place < audit_horizon() and e.occurred_at < gateway_now() - interval '120 seconds'
   and (select clock_offset from gateway_clock) = interval '0' and $1::date is not null
   and exists (select from job_lease where lease_until > gateway_now())
having count(*) > 0
