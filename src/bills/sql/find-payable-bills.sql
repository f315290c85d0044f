-- What control numbers currently stand for, for enquiries, many at a time: nothing is locked and nothing written.
-- $1 text[] control numbers, each once
-- returns: for each number at least one row, else one row an item of its bills; with the database's instant, whether
-- the number exists and whether it came from another gateway
-- locks: nothing; relies on control_number_pkey, bill_pkey, bill_by_group, bill_item_pkey
select n.number, gateway_now() as at, c.number is not null as is_known,
       coalesce(c.is_imported, exists (select from imported_number_range r
                                        where n.number between r.first_number and r.last_number)) as is_imported,
       c.group_id, b.group_position, b.id, b.control_number, b.form, b.sp_id, b.sp_bill_id, b.state, b.payment_option,
       b.currency, b.amount_minor, b.minimum_minor, b.limit_minor, b.paid_minor, b.surplus_minor, b.cover_number,
       b.version, b.expires_at, b.payer_name, b.payer_phone, b.payer_email, b.description,
       i.position, i.gfs_code, i.amount_minor as item_amount_minor, i.paid_minor as item_paid_minor,
       p.code as sp_code, p.name as sp_name, g.code as group_code, g.sp_group_bill_id, g.form as group_form,
       s.code as group_sp_code
  from unnest($1::text[]) as n (number)
  left join control_number c on c.number = n.number
  left join lateral (
    select c.bill_id as id
    union all
    select m.id from bill m where m.group_id = c.group_id
  ) as current on current.id is not null
  left join bill b on b.id = current.id and b.group_id is not distinct from c.group_id
  left join bill_item i on i.bill_id = b.id
  left join party p on p.id = b.sp_id
  left join bill_group g on g.id = b.group_id
  left join party s on s.id = g.sp_id
 order by n.number, b.group_position, b.id, i.position;
