-- Locks the bills that payable control numbers currently stand for, with their items, for payment. Items are locked
-- too, so that a payment that waited for another one sees what that one paid: a plain join would show the rows of the
-- moment before the wait. A part's own number finds nothing: a group is payable through its number alone.
-- $1 text[] control numbers
-- returns: one row an item, bill by bill; numbers that cannot be paid on have none
-- locks: bill rows in id order (the one lock order of the gateway), their items; relies on control_number_pkey,
-- bill_pkey, bill_by_group, bill_item_pkey
with locked as materialized (
  select c.number, c.group_id, b.group_position, b.id, b.control_number, b.form, b.sp_id, b.sp_bill_id, b.state,
         b.payment_option, b.currency, b.amount_minor, b.minimum_minor, b.limit_minor, b.paid_minor, b.surplus_minor,
         b.cover_number, b.version, b.expires_at, b.payer_name, b.payer_phone, b.payer_email, b.description,
         i.position, i.gfs_code, i.amount_minor as item_amount_minor, i.paid_minor as item_paid_minor
    from control_number c
    cross join lateral (
      select c.bill_id as id
      union all
      select m.id from bill m where m.group_id = c.group_id
    ) as current
    join bill b on b.id = current.id and b.group_id is not distinct from c.group_id
    join bill_item i on i.bill_id = b.id
   where c.number = any ($1::text[])
   order by b.id, i.position
     for update of b, i
)
select l.*, p.code as sp_code, p.name as sp_name, g.code as group_code, g.sp_group_bill_id, g.form as group_form,
       s.code as group_sp_code
  from locked l
  join party p on p.id = l.sp_id
  left join bill_group g on g.id = l.group_id
  left join party s on s.id = g.sp_id
 order by l.number, l.group_position, l.id, l.position;
