-- Payments of closed days that the run before this one matched and that nothing matches any more: the closed day cannot
-- say that they are missing there.
-- $1 bigint run; $2 integer PSP; $3 date business day
-- returns: payments in order of their transaction ids; sums in minor units
-- locks: nothing; relies on match_payment_key, match_by_payment
select p.id as "paymentId", p.psp_transaction_id as "transactionId", p.amount_minor as "ourMinor", p.currency,
       p.business_day::text as "refersToDay"
  from match m join payment p on p.id = m.payment_id
 where m.run_id = (select max(id) from reconciliation_run where psp_id = $2 and business_day = $3::date and id < $1)
   and p.business_day <= (select max(c.day) from closed_day c)
   and not exists (select from match n join reconciliation_run r on r.id = n.run_id
                    where n.payment_id = m.payment_id and r.is_latest)
 order by p.psp_transaction_id;
