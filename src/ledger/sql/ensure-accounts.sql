-- Makes the accounts that are not there yet, in one order, so that two batches cannot wait for each other.
-- In parallel: $1 text[] names; $2 text[] currencies; $3 text[] kinds; $4 text[] normal sides
-- returns: those that an earlier transaction made, which no rollback takes away again
-- locks: nothing that exists; relies on ledger_account_key
with wanted as (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as t (name, currency, kind, side)
), added as (
  insert into ledger_account (name, currency, kind, normal_side)
  select w.name, w.currency, w.kind, w.side from wanted w
   where not exists (select from ledger_account a where a.name = w.name and a.currency = w.currency)
   order by w.name, w.currency
  on conflict on constraint ledger_account_key do nothing
)
select a.name, a.currency from ledger_account a join wanted w using (name, currency)
 where a.xmin <> pg_current_xact_id()::xid;
