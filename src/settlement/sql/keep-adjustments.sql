-- Brings what the books corrected up to date, all expectations at once: one that is corrected no more is back at nothing.
-- In parallel: $1 integer[] PSPs; $2 text[] accounts; $3 text[] currencies; $4 date[] clearing days; $5 bigint[] net debits;
-- $6 text[] references; $7 timestamptz[] due
-- returns: the number of those that changed
-- locks: the expectations that change; relies on expectation_key
with given as (
  select * from unnest($1::integer[], $2::text[], $3::text[], $4::date[], $5::bigint[], $6::text[], $7::timestamptz[])
    as t (psp, account, currency, day, adjusted, reference, due)
), emptied as (
  update expectation e set adjusted_minor = 0, computed_at = gateway_now()
   where e.adjusted_minor <> 0
     and not exists (select from given g where (g.psp, g.account, g.currency, g.day)
                                             = (e.psp_id, e.collection_account, e.currency, e.clearing_day))
  returning 1
), kept as (
  insert into expectation as e (psp_id, collection_account, currency, clearing_day, payment_count, paid_minor, adjusted_minor,
                                fee_kept_minor, fee_apart_minor, reference, due_at)
  select g.psp, g.account, g.currency, g.day, 0, 0, g.adjusted, 0, 0, g.reference, g.due from given g
  on conflict on constraint expectation_key do update
     set adjusted_minor = excluded.adjusted_minor, computed_at = gateway_now()
   where e.adjusted_minor <> excluded.adjusted_minor
  returning 1
)
select (select count(*) from emptied)::integer + (select count(*) from kept)::integer as count;
