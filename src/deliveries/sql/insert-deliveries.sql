-- Puts a batch of messages in the outbox, in order: ids grow, and order those of one subject.
-- In parallel: $1 integer[] recipients; $2 text[] kinds; $3 text[] subjects; $4 jsonb[] messages; $5 text[] addresses;
-- $6 jsonb[] flags, each a list of texts; $7 text[] endpoints
-- The moment is asked for once: as a default it is a call for each row and column, 3 µs each.
-- returns: nothing
-- locks: nothing that exists
insert into delivery (created_at, next_attempt_at, recipient_id, kind, subject, message, url, flags, endpoint)
select (select gateway_now()), (select gateway_now()), t.recipient_id, t.kind, t.subject, t.message, t.url, array(select jsonb_array_elements_text(t.flags)), t.endpoint
  from unnest($1::integer[], $2::text[], $3::text[], $4::jsonb[], $5::text[], $6::jsonb[], $7::text[]) with ordinality
    as t (recipient_id, kind, subject, message, url, flags, endpoint, place)
 order by t.place;
