-- What each account came to on the days that are closed now and were not before, and ever up to them. In order of days,
-- by who closes them: nothing is posted to what is closed.
-- $1 date the day that is closed
-- returns: nothing
-- locks: nothing that exists; reads the partitions of the days
insert into account_day (account_id, business_day, debit_minor, credit_minor, debit_total_minor, credit_total_minor)
select p.account_id, p.business_day, p.debit, p.credit,
       coalesce(b.debit_total_minor, 0) + sum(p.debit) over running,
       coalesce(b.credit_total_minor, 0) + sum(p.credit) over running
  from (select account_id, business_day, sum(debit_minor)::bigint as debit, sum(credit_minor)::bigint as credit
          from posting
         where business_day > coalesce((select max(business_day) from account_day), '-infinity')
           and business_day <= $1::date
         group by account_id, business_day) p
  left join lateral (select d.debit_total_minor, d.credit_total_minor from account_day d
                      where d.account_id = p.account_id order by d.business_day desc limit 1) b on true
window running as (partition by p.account_id order by p.business_day);
