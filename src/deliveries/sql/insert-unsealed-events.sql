-- Keeps events for the sealer, in order. An event that waits or was sealed already is left out, so that a repeated final
-- result is one event.
-- In parallel: $1 integer[] parties; $2 text[] event ids; $3 text[] types; $4 text[] subjects; $5 jsonb[] data
-- returns: nothing
-- locks: nothing that exists; relies on unsealed_event_key, feed_event_key
insert into unsealed_event (occurred_at, party_id, event_id, type, subject, data)
select (select gateway_now()), t.party_id, t.event_id, t.type, t.subject, t.data
  from unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::jsonb[]) with ordinality
    as t (party_id, event_id, type, subject, data, place)
 where not exists (select from feed_event f where f.party_id = t.party_id and f.event_id = t.event_id)
 order by t.place
on conflict on constraint unsealed_event_key do nothing;
