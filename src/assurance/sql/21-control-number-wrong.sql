-- Control numbers that lie in no range of their institution, whose check digit is wrong, that point at no bill or group
-- of that number, or that two open bills carry. The check digit is Damm's: the table below, entered with 0 and each digit
-- in turn, ends in 0. Numbers from another gateway keep none of our rules, and may have no bill yet.
-- $1 date first business day looked at: numbers issued since
-- returns: key, the control number
-- locks: nothing; digit by digit in one row (a row for each digit took four times as long)
with prefix as (
  select distinct on (party_id, prefix) party_id, '99' || prefix as start, has_check_digit from control_number_range
), issued as (
  select c.number, c.bill_id, c.group_id, c.is_imported,
         (select r.has_check_digit from prefix r where r.party_id = c.sp_id and starts_with(c.number, r.start) limit 1)
           as has_check_digit
    from control_number c
   where c.issued_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
), damm as (
  select number, s12.s as state
    from issued
    cross join (values ('0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790')) as t (damm_table)
    cross join lateral (select ascii(substr(damm_table, ascii(substr(number, 1, 1)) - 47, 1)) - 48 as s offset 0) as s1
    cross join lateral (select ascii(substr(damm_table, s1.s * 10 + ascii(substr(number, 2, 1)) - 47, 1)) - 48 as s offset 0) as s2
    cross join lateral (select ascii(substr(damm_table, s2.s * 10 + ascii(substr(number, 3, 1)) - 47, 1)) - 48 as s offset 0) as s3
    cross join lateral (select ascii(substr(damm_table, s3.s * 10 + ascii(substr(number, 4, 1)) - 47, 1)) - 48 as s offset 0) as s4
    cross join lateral (select ascii(substr(damm_table, s4.s * 10 + ascii(substr(number, 5, 1)) - 47, 1)) - 48 as s offset 0) as s5
    cross join lateral (select ascii(substr(damm_table, s5.s * 10 + ascii(substr(number, 6, 1)) - 47, 1)) - 48 as s offset 0) as s6
    cross join lateral (select ascii(substr(damm_table, s6.s * 10 + ascii(substr(number, 7, 1)) - 47, 1)) - 48 as s offset 0) as s7
    cross join lateral (select ascii(substr(damm_table, s7.s * 10 + ascii(substr(number, 8, 1)) - 47, 1)) - 48 as s offset 0) as s8
    cross join lateral (select ascii(substr(damm_table, s8.s * 10 + ascii(substr(number, 9, 1)) - 47, 1)) - 48 as s offset 0) as s9
    cross join lateral (select ascii(substr(damm_table, s9.s * 10 + ascii(substr(number, 10, 1)) - 47, 1)) - 48 as s offset 0) as s10
    cross join lateral (select ascii(substr(damm_table, s10.s * 10 + ascii(substr(number, 11, 1)) - 47, 1)) - 48 as s offset 0) as s11
    cross join lateral (select ascii(substr(damm_table, s11.s * 10 + ascii(substr(number, 12, 1)) - 47, 1)) - 48 as s offset 0) as s12
   where has_check_digit and not is_imported
)
select number as key from issued where has_check_digit is null and not is_imported
union
select number from damm where state <> 0
union
select i.number
  from issued i
  left join bill b on b.id = i.bill_id
  left join bill_group g on g.id = i.group_id
 where coalesce(b.control_number, g.control_number) is distinct from i.number
   and not (i.is_imported and i.bill_id is null and i.group_id is null)
union
select control_number from bill
 where state in ('open', 'partly-paid')
   and created_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
 group by control_number having count(*) > 1
