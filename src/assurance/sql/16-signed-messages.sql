-- A page of stored messages with the certificate that verified each, for verifying their signatures once more.
-- $1 date first business day looked at; $2 text id after which the page starts, '' for the first; $3 integer page size;
-- $4 double precision share of the messages to take, 1 for all; $5 text by which a smaller share is drawn
-- returns: id, jws (the header; null in XML), body, isWhole (the bytes have the digest of their receipt), digest,
-- candidate, and certificate (null where it is not that party's)
-- locks: nothing; relies on inbound_message_by_id
select m.id::text as id, m.headers ->> 'x-jws-signature' as jws, m.body, sha256(m.body) = m.body_digest as "isWhole",
       m.signature_digest as digest, m.signature_candidate as candidate, c.id as certificate
  from inbound_message m
  left join party_certificate c on c.party_id = m.party_id and c.fingerprint = m.certificate_fingerprint
 where m.received_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
   and ($2 = '' or m.id > nullif($2, '')::uuid)
   and ($4::double precision >= 1
        or abs(hashtextextended(m.id::text || $5, 0) % 1000000) < $4::double precision * 1000000)
 order by m.id
 limit $3
