-- Writes a batch of messages to the journal.
-- In parallel: $1 uuid[] ids; $2 integer[] parties; $3 text[] paths; $4 text[] message names; $5 jsonb headers, a list
-- of objects; $6 bytea bodies, one after the other, with $7 integer[] first bytes, from 1, and $8 integer[] lengths;
-- $9 text[] signature digests; $10 text[] signed candidates; $11 text[] certificate fingerprints; $12 text[] status
-- codes; $13 jsonb flags, a list of lists of texts
-- returns: nothing
-- locks: nothing that exists
insert into inbound_message
  (id, received_at, party_id, path, message_name, headers, body, body_digest, signature_digest, signature_candidate,
   certificate_fingerprint, status_code, flags)
select t.id, (select gateway_now()), t.party_id, t.path, t.name, t.headers, b.body, sha256(b.body), t.digest, t.candidate, t.fingerprint,
       t.status_code, array(select jsonb_array_elements_text(t.flags))
  from rows from (
         unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $7::integer[], $8::integer[], $9::text[],
                $10::text[], $11::text[], $12::text[]),
         jsonb_array_elements($5::jsonb), jsonb_array_elements($13::jsonb)
       ) as t (id, party_id, path, name, first_byte, length, digest, candidate, fingerprint, status_code, headers, flags)
 cross join lateral (select substr($6::bytea, t.first_byte, t.length) as body) as b;
