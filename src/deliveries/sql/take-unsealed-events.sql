-- Takes events out of the queue for sealing, oldest first, with the end of each party's feed. What a transaction that is
-- still open wrote is not seen, and gets later numbers: no number is ever given and then missing.
-- $1 integer batch size
-- returns: the events, and the last number and digest of their party (null before its first event)
-- locks: the rows taken away; the caller holds the sealer's lock, so that nobody else moves a head
with taken as (
  -- As an array: of a set the planner makes a join that reads the whole queue.
  delete from unsealed_event where id = any (array(select id from unsealed_event order by id limit $1))
  returning *
)
select t.id, t.party_id as "partyId", t.event_id as "eventId", t.type, t.subject, t.data, t.occurred_at as "occurredAt",
       h.last_sequence as "lastSequence", h.digest
  from taken t left join feed_head h using (party_id)
 where not exists (select from feed_event f where f.party_id = t.party_id and f.event_id = t.event_id)
 order by t.id;
