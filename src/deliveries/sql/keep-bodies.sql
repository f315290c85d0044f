-- Keeps the bytes of messages that were encoded for the first time; they are fixed from then on (rulings.md §5).
-- In parallel: $1 timestamptz[] and $2 bigint[] the deliveries; $3 bytea[] their bytes
-- returns: id and bytes of those that had none; others have bytes already, kept by another worker
-- locks: the delivery rows, in id order as everybody does; relies on delivery_pkey
with given as materialized (
  select * from unnest($1::timestamptz[], $2::bigint[], $3::bytea[]) as t (created_at, id, body) order by id
)
update delivery d set body = given.body
  from given
 where d.created_at = given.created_at and d.id = given.id and d.body is null
returning d.id;
