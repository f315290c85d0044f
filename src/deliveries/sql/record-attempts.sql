-- Records attempts that have ended and what becomes of their deliveries. Each holds only under the lease it was made
-- in: a worker that was paused past its lease finds another token, and changes nothing but the log of attempts.
-- In parallel: $1 timestamptz[] and $2 bigint[] the deliveries; $3 integer[] fencing tokens; $4 text[] next states;
-- $5 integer[] milliseconds until the next attempt; $6 text[] outcomes; $7 integer[] HTTP statuses or null;
-- $8 integer[] durations in milliseconds; $9 bytea[] answers or null; $10 jsonb[] flags, each a list of texts
-- returns: ids of the deliveries whose lease still held
-- locks: the delivery rows; relies on delivery_pkey
with ended as materialized (
  select * from unnest($1::timestamptz[], $2::bigint[], $3::integer[], $4::text[], $5::integer[], $6::text[],
                       $7::integer[], $8::integer[], $9::bytea[], $10::jsonb[])
    as t (created_at, id, token, state, after_ms, outcome, http_status, duration_ms, answer, flags)
), logged as (
  insert into delivery_attempt (started_at, delivery_id, attempt, duration_ms, http_status, outcome, answer)
  select gateway_now() - make_interval(secs => duration_ms / 1000.0), id, token, duration_ms, http_status, outcome, answer
    from ended
)
update delivery d
   set state = e.state,
       last_outcome = e.outcome,
       lease_until = null,
       failure_count = d.failure_count + (e.state <> 'delivered')::integer,
       next_attempt_at = gateway_now() + make_interval(secs => e.after_ms / 1000.0),
       settled_at = case when e.state = 'ready' then null else gateway_now() end,
       flags = case when e.flags = '[]' then d.flags
                    else array(select distinct f from unnest(d.flags || array(select jsonb_array_elements_text(e.flags))) f)
               end
  from ended e
 where d.created_at = e.created_at and d.id = e.id and d.attempt_count = e.token and d.state = 'leased'
returning d.id;
