-- Control numbers that lie in no range of their institution, whose check digit is wrong, that point at no bill or group
-- of that number, or that two open bills carry. The check digit is Damm's: the table below, entered with 0 and each digit
-- in turn, ends in 0. Numbers from another gateway keep none of our rules, and may have no bill yet.
-- $1 date first business day looked at: numbers issued since
-- returns: key, the control number
-- locks: nothing
with recursive issued as (
  select c.number, c.bill_id, c.group_id, c.is_imported,
         (select r.has_check_digit from control_number_range r
           where r.party_id = c.sp_id and c.number like '99' || r.prefix || '%' limit 1) as has_check_digit
    from control_number c
   where c.issued_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
), damm (number, place, state) as (
  select number, 1, 0 from issued where has_check_digit and not is_imported
  union all
  select number, place + 1,
         substr('0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790',
                1 + state * 10 + substr(number, place, 1)::integer, 1)::integer
    from damm where place <= 12
)
select number as key from issued where has_check_digit is null and not is_imported
union
select number from damm where place = 13 and state <> 0
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
