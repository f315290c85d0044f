-- Payments that share their PSP's transaction id or their receipt number. Gaps in receipts are allowed (rulings §8).
-- $1 date first business day looked at
-- returns: key, the receipt number, or PSP and transaction id
-- locks: nothing
select receipt_number as key
  from payment where business_day >= $1
 group by receipt_number having count(*) > 1
union all
select psp_id || '/' || psp_transaction_id
  from payment where business_day >= $1
 group by psp_id, psp_transaction_id having count(*) > 1
