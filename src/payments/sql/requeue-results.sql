-- Marks final results as queued again: at most once per 10 s for a transaction id (rulings.md §1.3).
-- $1 uuid[] notifications
-- returns: ids of those that may be queued
-- locks: the rows, in id order, last of all that a batch locks
with due as (
  select id from payment_notification
   where id = any ($1::uuid[]) and result_queued_at <= gateway_now() - interval '10 seconds'
   order by id for update
)
update payment_notification n set result_queued_at = gateway_now() from due where n.id = due.id returning n.id;
