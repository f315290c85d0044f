-- Moves bills past their expiry instant to expired, a batch at a time.
-- $1 integer batch size
-- returns: ids of the bills moved
-- locks: the bill rows, skipping those in use; relies on bill_expiring
with due as (
  select id from bill
   where state in ('open', 'partly-paid') and expires_at < gateway_now()
   order by expires_at limit $1 for update skip locked
)
update bill b set state = 'expired', version = version + 1 from due where b.id = due.id returning b.id;
