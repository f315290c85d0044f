-- Messages and notifications that were stored and never got the code they were answered with.
-- $1 date first business day looked at
-- returns: key, the message or the notification
-- locks: nothing
select id::text as key
  from inbound_message
 where received_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam' and status_code = ''
union all
select id::text from payment_notification where business_day >= $1 and status_code = ''
