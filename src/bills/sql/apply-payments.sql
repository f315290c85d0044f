-- Moves bills to the state that the fold of bill.rules decided, on the version it was decided from.
-- $1 uuid[] bills; $2 integer[] versions decided from; $3 integer[] versions that the payments made; $4 text[] states;
-- $5 bigint[] paid; $6 bigint[] surplus; $7 integer[] cover numbers; items, in parallel: $8 uuid[] bills;
-- $9 integer[] positions; $10 bigint[] paid
-- returns: ids of the bills moved; fewer than given means that a bill changed under its lock, which is a fault
-- locks: the bill and item rows, already locked by lock-payable-bills
with moved as (
  update bill b
     set state = t.state, paid_minor = t.paid, surplus_minor = t.surplus, cover_number = t.cover, version = t.next_version
    from unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[], $7::integer[])
      as t (id, version, next_version, state, paid, surplus, cover)
   where b.id = t.id and b.version = t.version
  returning b.id
), filled as (
  update bill_item i set paid_minor = t.paid
    from unnest($8::uuid[], $9::integer[], $10::bigint[]) as t (bill_id, position, paid)
   where i.bill_id = t.bill_id and i.position = t.position and i.paid_minor <> t.paid
)
select id from moved;
