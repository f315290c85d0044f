-- Feeds that do not number their events 1 to N, end elsewhere than their head says, or are acknowledged beyond their end.
-- $1 date first business day looked at: feeds with an event of that day or later
-- returns: key, the party and the number before which one is missing, or the party alone
-- locks: nothing; relies on the primary key of feed_event
with looked_at as (
  select distinct party_id from feed_event
   where occurred_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
), line as (
  select f.party_id, f.sequence, lag(f.sequence, 1, 0::bigint) over (partition by f.party_id order by f.sequence) as before
    from feed_event f join looked_at using (party_id)
)
select p.code || ' ' || l.sequence as key
  from line l join party p on p.id = l.party_id where l.sequence <> l.before + 1
union all
select p.code
  from (select party_id, max(sequence) as last from line group by party_id) e
  join party p on p.id = e.party_id
  left join feed_head h on h.party_id = e.party_id
 where h.last_sequence is distinct from e.last or h.acknowledged_sequence > e.last
