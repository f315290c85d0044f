-- What lies between the closing balance of statements and that of the one before, and is in no entry that is kept: a
-- statement that is missing. Statements may overlap, come in any order or hold no balance: an entry is kept once, and it is
-- in a balance if it was booked by then and told by then, or by a statement that ends no later.
-- $1 bigint[] statements
-- returns: id, what its entries and the balance before make, and what its balance says beyond; both in minor units. None
--   for a statement without a closing balance, and for the first
-- locks: nothing; relies on bank_statement_by_account, bank_entry_by_account
select s.id, (b.closing_minor + m.moved)::bigint as "dueMinor", (s.closing_minor - b.closing_minor - m.moved)::bigint as "gapMinor"
  from bank_statement s
  join lateral (
    select o.id, o.last_day, o.closing_minor from bank_statement o
     where o.account = s.account and o.currency = s.currency and o.last_day <= s.last_day
       and (o.last_day < s.last_day or o.id < s.id) and o.closing_minor is not null
     order by o.last_day desc, o.id desc limit 1) b on true
  cross join lateral (
    select coalesce(sum(case e.direction when 'credit' then e.amount_minor else -e.amount_minor end), 0) as moved
      from bank_entry e join bank_statement x on x.id = e.statement_id
     where e.account = s.account and e.currency = s.currency
       and e.booking_day between least(s.first_day, b.last_day) and s.last_day
       and (x.id <= s.id or e.booking_day < s.last_day and x.last_day <= s.last_day)
       and not (e.booking_day <= b.last_day
                and (x.id <= b.id or e.booking_day < b.last_day and x.last_day <= b.last_day))) m
 where s.id = any ($1) and s.closing_minor is not null;
