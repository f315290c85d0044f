-- Keeps what is expected, from arrays: new ones are added, changed ones brought up to date; what the books corrected
-- afterwards (`adjusted`) is left as it is.
-- In parallel: $1 integer[] PSPs; $2 text[] accounts; $3 text[] currencies; $4 date[] clearing days; $5 integer[] counts;
-- $6 bigint[] paid; $7 bigint[] fees kept; $8 bigint[] fees apart; $9 text[] references; $10 timestamptz[] due
-- returns: the number of those that are new or changed
-- locks: the expectations that change; relies on expectation_key
with kept as (
  insert into expectation as e (psp_id, collection_account, currency, clearing_day, payment_count, paid_minor, adjusted_minor,
                                fee_kept_minor, fee_apart_minor, reference, due_at)
  select t.psp, t.account, t.currency, t.day, t.count, t.paid, 0, t.kept, t.apart, t.reference, t.due
    from unnest($1::integer[], $2::text[], $3::text[], $4::date[], $5::integer[], $6::bigint[], $7::bigint[], $8::bigint[],
                $9::text[], $10::timestamptz[])
      as t (psp, account, currency, day, count, paid, kept, apart, reference, due)
  on conflict on constraint expectation_key do update
     set payment_count = excluded.payment_count, paid_minor = excluded.paid_minor, fee_kept_minor = excluded.fee_kept_minor,
         fee_apart_minor = excluded.fee_apart_minor, reference = excluded.reference, due_at = excluded.due_at,
         computed_at = gateway_now()
   where (e.payment_count, e.paid_minor, e.fee_kept_minor, e.fee_apart_minor, e.reference, e.due_at)
         is distinct from (excluded.payment_count, excluded.paid_minor, excluded.fee_kept_minor, excluded.fee_apart_minor,
                           excluded.reference, excluded.due_at)
  returning 1
)
select count(*)::integer as count from kept;
