-- Stored messages with the certificate that verified each, for verifying their signatures once more.
-- $1 date first business day looked at; $2 double precision share of the messages to take, 1 for all; $3 text by which a
-- smaller share is drawn
-- returns: id, jws (the header; null in XML), body, isWhole (the bytes have the digest of their receipt), digest,
-- candidate, and certificate (null where it is not that party's)
-- locks: nothing; reads every body of the period
select m.id::text as id, m.headers ->> 'x-jws-signature' as jws, m.body, sha256(m.body) = m.body_digest as "isWhole",
       m.signature_digest as digest, m.signature_candidate as candidate, c.id as certificate
  from inbound_message m
  left join party_certificate c on c.party_id = m.party_id and c.fingerprint = m.certificate_fingerprint
 where m.received_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
   and ($2::double precision >= 1
        or abs(hashtextextended(m.id::text || $3, 0) % 1000000) < $2::double precision * 1000000)
