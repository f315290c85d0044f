-- Adds sealed events to their feeds and moves the heads to the last of each.
-- In parallel: $1 integer[] parties; $2 bigint[] numbers; $3 text[] event ids; $4 text[] types; $5 text[] subjects;
-- $6 timestamptz[] instants; $7 text[] canonical texts; $8 bytea[] digests
-- returns: nothing
-- locks: the heads of these parties
with event as (
  select * from unnest($1::integer[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
                       $8::bytea[])
    as t (party_id, sequence, event_id, type, subject, occurred_at, content, digest)
), added as (
  insert into feed_event (party_id, sequence, event_id, type, subject, occurred_at, content, digest)
  select party_id, sequence, event_id, type, subject, occurred_at, content, digest from event
)
insert into feed_head (party_id, last_sequence, digest)
select distinct on (party_id) party_id, sequence, digest from event order by party_id, sequence desc
on conflict (party_id) do update set last_sequence = excluded.last_sequence, digest = excluded.digest;
