-- Events whose running digest is not made of the digest before and their text, or whose columns say other than their
-- text, and heads with another digest than their last event.
-- $1 date first business day looked at
-- returns: key, the party and the number
-- locks: nothing; relies on the primary key of feed_event
with event as (
  select f.*, coalesce(b.digest, decode(repeat('00', 32), 'hex')) as before, h.last_sequence, h.digest as head_digest
    from feed_event f
    left join feed_event b on b.party_id = f.party_id and b.sequence = f.sequence - 1
    left join feed_head h on h.party_id = f.party_id
   where f.occurred_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
)
select p.code || ' ' || e.sequence as key
  from event e join party p on p.id = e.party_id
 where e.digest <> sha256(e.before || convert_to(e.content, 'UTF8'))
    or e.content::jsonb ->> 'id' <> e.event_id
    or e.content::jsonb ->> 'type' <> e.type
    or (e.content::jsonb ->> 'sequence')::bigint <> e.sequence
    or (e.sequence = e.last_sequence and e.head_digest <> e.digest)
