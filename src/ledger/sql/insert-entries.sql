-- Inserts entries and their postings from arrays; an entry whose source is already posted is left out with its postings.
-- An entry of a closed day belongs to today and refers back to its day.
-- $1 uuid[] entry ids; $2 text[] source kinds; $3 text[] source ids; $4 date[] business days; $5 text[] currencies;
-- postings, in parallel: $6 uuid[] entry ids; $7 integer[] positions; $8 text[] account names; $9 bigint[] debits;
-- $10 bigint[] credits, all amounts in minor units of the entry's currency
-- returns: ids of the entries posted
-- locks: nothing that exists; relies on ledger_entry_source_key, ledger_account_key
with closed as (
  select max(day) as last_day from closed_day
), entry as (
  insert into ledger_entry (id, source_kind, source_id, currency, posted_at, business_day, refers_to_day)
  select t.id, t.source_kind, t.source_id, t.currency, (select gateway_now()),
         case when t.day <= c.last_day then business_day_of(gateway_now()) else t.day end,
         case when t.day <= c.last_day then t.day end
    from closed c, unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::text[])
      as t (id, source_kind, source_id, day, currency)
  on conflict on constraint ledger_entry_source_key do nothing
  returning id, business_day, currency
), added as (
  insert into posting (business_day, entry_id, position, account_id, debit_minor, credit_minor)
  select e.business_day, e.id, p.position, a.id, p.debit_minor, p.credit_minor
    from unnest($6::uuid[], $7::integer[], $8::text[], $9::bigint[], $10::bigint[])
      as p (entry_id, position, account, debit_minor, credit_minor)
    join entry e on e.id = p.entry_id
    join ledger_account a on a.name = p.account and a.currency = e.currency
)
select id from entry;
