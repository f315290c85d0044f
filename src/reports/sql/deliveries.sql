-- What became of the messages owed since the first day: delivered, waiting, given up; by recipient and kind.
-- $1 date first day; $2 date last day; $3 text code of the recipient or null
-- returns: counts, the share delivered, and since when the oldest one waits
-- locks: nothing; reads the partitions of the days
select p.code as recipient, p.name, d.kind, count(*) as owed,
       count(*) filter (where d.state = 'delivered') as delivered,
       count(*) filter (where d.settled_at is null) as waiting,
       count(*) filter (where d.state = 'parked') as parked,
       sum(d.attempt_count)::bigint as attempts,
       count(*) filter (where d.state = 'delivered') * 10000 / count(*) as "deliveredShare",
       min(d.created_at) filter (where d.settled_at is null) as "waitingSince"
  from delivery d join party p on p.id = d.recipient_id
 where d.created_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
   and d.created_at < ($2::date + 1)::timestamp at time zone 'Africa/Dar_es_Salaam'
   and ($3::text is null or p.code = $3)
 group by p.code, p.name, d.kind
 order by p.code, d.kind;
