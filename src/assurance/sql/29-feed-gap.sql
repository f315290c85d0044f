-- Events of a feed that no event of the number before comes before, 1 apart; feeds that end elsewhere than their head says,
-- or are acknowledged beyond their end. A feed is not read back to its start for the events of a day.
-- $1 date first business day looked at: events of that day or later, and the ends of their feeds
-- returns: key, the party and the number before which one is missing, or the party alone
-- locks: nothing; relies on the primary key of feed_event
with event as (
  select party_id, sequence from feed_event
   where occurred_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
)
select p.code || ' ' || e.sequence as key
  from event e join party p on p.id = e.party_id
 where e.sequence <> 1
   and not exists (select from feed_event b where b.party_id = e.party_id and b.sequence = e.sequence - 1)
union all
select p.code
  from (select distinct party_id from event) f
  join party p on p.id = f.party_id
  cross join lateral (select max(b.sequence) as last from feed_event b where b.party_id = f.party_id) e
  left join feed_head h on h.party_id = f.party_id
 where h.last_sequence is distinct from e.last or h.acknowledged_sequence > e.last
