-- Keeps what is expected for a span of days, from arrays: new ones are added, changed ones brought up to date, and those of
-- the span that nothing was paid for any more expect nothing. What the books corrected (`adjusted`) is left as it is.
-- In parallel: $1 integer[] PSPs; $2 text[] accounts; $3 text[] currencies; $4 date[] clearing days; $5 integer[] counts;
-- $6 bigint[] paid; $7 bigint[] fees kept; $8 bigint[] fees apart; $9 text[] references; $10 timestamptz[] due;
-- $11 date first day of the span; $12 date its last day
-- returns: the number of those that are new or changed
-- locks: the expectations that change; relies on expectation_key
with given as (
  select * from unnest($1::integer[], $2::text[], $3::text[], $4::date[], $5::integer[], $6::bigint[], $7::bigint[],
                       $8::bigint[], $9::text[], $10::timestamptz[])
    as t (psp, account, currency, day, count, paid, kept, apart, reference, due)
), emptied as (
  update expectation e set payment_count = 0, paid_minor = 0, fee_kept_minor = 0, fee_apart_minor = 0, computed_at = gateway_now()
   where e.clearing_day between $11::date and $12::date and e.payment_count > 0
     and not exists (select from given g where (g.psp, g.account, g.currency, g.day)
                                             = (e.psp_id, e.collection_account, e.currency, e.clearing_day))
  returning 1
), kept as (
  insert into expectation as e (psp_id, collection_account, currency, clearing_day, payment_count, paid_minor, adjusted_minor,
                                fee_kept_minor, fee_apart_minor, reference, due_at)
  select g.psp, g.account, g.currency, g.day, g.count, g.paid, 0, g.kept, g.apart, g.reference, g.due from given g
  on conflict on constraint expectation_key do update
     set payment_count = excluded.payment_count, paid_minor = excluded.paid_minor, fee_kept_minor = excluded.fee_kept_minor,
         fee_apart_minor = excluded.fee_apart_minor, reference = excluded.reference, due_at = excluded.due_at,
         computed_at = gateway_now()
   where (e.payment_count, e.paid_minor, e.fee_kept_minor, e.fee_apart_minor, e.reference, e.due_at)
         is distinct from (excluded.payment_count, excluded.paid_minor, excluded.fee_kept_minor, excluded.fee_apart_minor,
                           excluded.reference, excluded.due_at)
  returning 1
)
select (select count(*) from emptied)::integer + (select count(*) from kept)::integer as count;
