-- Leases that ended two lease times (60 s) before some worker's newest attempt and were not taken up again. Told by that
-- attempt and not by the clock: while no worker runs, as in a restored copy, an ended lease is no fault. Left out is what
-- has to wait: for a suspended recipient, or for an earlier delivery of the same subject.
-- $1 date first business day looked at
-- returns: key, the delivery
-- locks: nothing; relies on delivery_due, delivery_by_subject
select d.id::text as key
  from delivery d join party r on r.id = d.recipient_id
 where d.state = 'leased'
   and d.created_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
   and r.status = 'active'
   and d.lease_until < (select max(started_at) from delivery_attempt) - interval '60 seconds'
   and not exists (select from delivery earlier
                    where earlier.subject = d.subject and earlier.recipient_id = d.recipient_id
                      and earlier.endpoint = d.endpoint
                      and earlier.id < d.id and earlier.state in ('ready', 'leased'))
