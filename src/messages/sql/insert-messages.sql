-- Writes a batch of messages to the journal.
-- In parallel: $1 uuid[] ids; $2 integer[] parties; $3 text[] paths; $4 text[] message names; $5 jsonb[] headers;
-- $6 bytea[] bodies; $7 bytea[] their digests; $8 text[] signature digests; $9 text[] signed candidates;
-- $10 text[] certificate fingerprints; $11 text[] status codes; $12 jsonb[] flags, each a list of texts
-- returns: nothing
-- locks: nothing that exists
insert into inbound_message
  (id, party_id, path, message_name, headers, body, body_digest, signature_digest, signature_candidate,
   certificate_fingerprint, status_code, flags)
select t.id, t.party_id, t.path, t.name, t.headers, t.body, t.body_digest, t.digest, t.candidate, t.fingerprint,
       t.status_code, array(select jsonb_array_elements_text(t.flags))
  from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::jsonb[], $6::bytea[], $7::bytea[], $8::text[],
              $9::text[], $10::text[], $11::text[], $12::jsonb[])
    as t (id, party_id, path, name, headers, body, body_digest, digest, candidate, fingerprint, status_code, flags);
