-- Stored messages whose bytes no longer have the digest that was taken at their receipt.
-- $1 date first business day looked at
-- returns: key, the message
-- locks: nothing; reads every body of the period
select id::text as key
  from inbound_message
 where received_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam' and sha256(body) <> body_digest
