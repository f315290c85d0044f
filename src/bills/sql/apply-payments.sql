-- Moves bills to the state that the fold of bill.rules decided, on the version it was decided from.
-- $1 uuid[] bills; $2 integer[] versions decided from; $3 text[] states; $4 bigint[] paid; $5 bigint[] surplus;
-- $6 integer[] cover numbers; items, in parallel: $7 uuid[] bills; $8 integer[] positions; $9 bigint[] paid
-- returns: ids of the bills moved; fewer than given means that a bill changed under its lock, which is a fault
-- locks: the bill rows, already locked by lock-payable-bills
with moved as (
  update bill b
     set state = t.state, paid_minor = t.paid, surplus_minor = t.surplus, cover_number = t.cover, version = b.version + 1
    from unnest($1::uuid[], $2::integer[], $3::text[], $4::bigint[], $5::bigint[], $6::integer[])
      as t (id, version, state, paid, surplus, cover)
   where b.id = t.id and b.version = t.version
  returning b.id
), filled as (
  update bill_item i set paid_minor = t.paid
    from unnest($7::uuid[], $8::integer[], $9::bigint[]) as t (bill_id, position, paid)
   where i.bill_id = t.bill_id and i.position = t.position and i.paid_minor <> t.paid
)
select id from moved;
