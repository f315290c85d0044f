-- Gives back leases whose attempt was never begun, because the host was busy with others for too long.
-- In parallel: $1 timestamptz[] and $2 bigint[] the deliveries; $3 integer[] fencing tokens
-- returns: nothing
-- locks: the delivery rows; relies on delivery_pkey
update delivery d set state = 'ready', lease_until = null, next_attempt_at = gateway_now() + interval '1 second'
  from unnest($1::timestamptz[], $2::bigint[], $3::integer[]) as t (created_at, id, token)
 where d.created_at = t.created_at and d.id = t.id and d.attempt_count = t.token and d.state = 'leased';
