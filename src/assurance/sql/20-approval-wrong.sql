-- Approvals that one officer gave himself, whose content is not the one that was asked for, or that were carried out
-- other than once: each approved request has one event of its approval, of the content asked for, and no other has one.
-- $1 date first day of request looked at
-- returns: key, the request
-- locks: nothing; relies on audit_event_by_subject
with request as (
  select * from approval_request where requested_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
), carried_out as (
  select r.id, count(*) as times,
         bool_and(e.detail ->> 'digest' = encode(r.content_digest, 'hex') and e.actor = r.decided_by) as is_asked
    from request r
    join audit_event e on e.subject = r.subject and e.action = 'approval.approved' and e.detail ->> 'approval' = r.id::text
   group by r.id
)
select r.id::text as key
  from request r left join carried_out c on c.id = r.id
 where r.decided_by = r.requested_by
    or r.content_digest <> sha256(convert_to(r.content, 'UTF8'))
    or coalesce(c.times, 0) <> case r.state when 'approved' then 1 else 0 end
    or not c.is_asked
