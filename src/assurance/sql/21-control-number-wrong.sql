-- Control numbers that lie in no range of their institution, whose check digit is wrong, that point at no bill or group
-- of that number, or that two open bills carry. The check digit is Damm's: the table below, entered with 0 and each digit
-- in turn, ends in 0. Numbers from another gateway keep none of our rules, and may have no bill yet.
-- $1 date first business day looked at: numbers issued since
-- returns: key, the control number
-- locks: nothing; digit by digit in one row (a row for each digit took four times as long), in bytes: of a text each
-- digit would be searched for from its beginning
with prefix as materialized (
  select distinct on (party_id, prefix) party_id, '99' || prefix as start, has_check_digit from control_number_range
), issued as (
  select c.number, c.bill_id, c.group_id, c.is_imported, c.number ~ '^[0-9]{12}$' as is_number,
         (select r.has_check_digit from prefix r where r.party_id = c.sp_id and starts_with(c.number, r.start) limit 1)
           as has_check_digit
    from control_number c
   where c.issued_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'
), damm as (
  select number, s12.s as state
    from issued
    cross join (values ('\x00030107050908060402070009020105040806030402000608070103050901070500090803040206060102030004050907080306070402000905080105080609070200010304080904050306020001070904030806010702000502050801040306070900'::bytea)) as t (steps)
    cross join lateral (select convert_to(number, 'UTF8') as digits offset 0) as d
    cross join lateral (select get_byte(steps, get_byte(digits, 0) - 48) as s offset 0) as s1
    cross join lateral (select get_byte(steps, s1.s * 10 + get_byte(digits, 1) - 48) as s offset 0) as s2
    cross join lateral (select get_byte(steps, s2.s * 10 + get_byte(digits, 2) - 48) as s offset 0) as s3
    cross join lateral (select get_byte(steps, s3.s * 10 + get_byte(digits, 3) - 48) as s offset 0) as s4
    cross join lateral (select get_byte(steps, s4.s * 10 + get_byte(digits, 4) - 48) as s offset 0) as s5
    cross join lateral (select get_byte(steps, s5.s * 10 + get_byte(digits, 5) - 48) as s offset 0) as s6
    cross join lateral (select get_byte(steps, s6.s * 10 + get_byte(digits, 6) - 48) as s offset 0) as s7
    cross join lateral (select get_byte(steps, s7.s * 10 + get_byte(digits, 7) - 48) as s offset 0) as s8
    cross join lateral (select get_byte(steps, s8.s * 10 + get_byte(digits, 8) - 48) as s offset 0) as s9
    cross join lateral (select get_byte(steps, s9.s * 10 + get_byte(digits, 9) - 48) as s offset 0) as s10
    cross join lateral (select get_byte(steps, s10.s * 10 + get_byte(digits, 10) - 48) as s offset 0) as s11
    cross join lateral (select get_byte(steps, s11.s * 10 + get_byte(digits, 11) - 48) as s offset 0) as s12
   where has_check_digit and not is_imported and is_number
)
select number as key from issued where (has_check_digit is null or not is_number) and not is_imported
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
