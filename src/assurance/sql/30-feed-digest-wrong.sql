-- Events whose running digest is not made of the digest before and their text, or whose columns say other than their
-- text, and heads with another digest than their last event. The text is canonical (RFC 8785), so its members end in id,
-- sequence, timestamp (24 characters) and type: they are looked at where they must stand, and nothing is parsed.
-- $1 date first business day looked at
-- returns: key, the party and the number
-- locks: nothing; relies on the primary key of feed_event
with event as (
  select f.party_id, f.sequence, f.digest, h.last_sequence, h.digest as head_digest,
         coalesce(b.digest, decode(repeat('00', 32), 'hex')) as before, convert_to(f.content, 'UTF8') as content,
         convert_to(',"id":"' || f.event_id || '","sequence":' || f.sequence || ',"timestamp":"', 'UTF8') as middle,
         convert_to('","type":"' || f.type || '"}', 'UTF8') as ending
    from feed_event f
    left join feed_event b on b.party_id = f.party_id and b.sequence = f.sequence - 1
    left join feed_head h on h.party_id = f.party_id
   where f.occurred_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
  offset 0
)
select p.code || ' ' || e.sequence as key
  from event e join party p on p.id = e.party_id
 where e.digest <> sha256(e.before || e.content)
    or substr(e.content, length(e.content) - length(e.ending) + 1) <> e.ending
    or substr(e.content, length(e.content) - length(e.ending) - 23 - length(e.middle), length(e.middle)) <> e.middle
    or (e.sequence = e.last_sequence and e.head_digest <> e.digest)
