-- Deliveries that count as delivered without an acknowledged attempt, or that were attempted more often than claimed.
-- $1 date first business day looked at
-- returns: key, the delivery
-- locks: nothing
with tried as (
  select delivery_id, bool_or(outcome = 'acknowledged') as is_acknowledged, max(attempt) as last_attempt
    from delivery_attempt
   where started_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
   group by delivery_id
)
select d.id::text as key
  from delivery d left join tried t on t.delivery_id = d.id
 where d.created_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
   and ((d.state = 'delivered' and t.is_acknowledged is distinct from true)
        or t.last_attempt > d.attempt_count
        or (d.state in ('delivered', 'parked')) <> (d.settled_at is not null))
