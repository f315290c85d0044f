-- Locks bills with their items, to take money back from them.
-- $1 uuid[] bills
-- returns: one row an item, bill by bill, and whether the bill's payable number still stands for it
-- locks: bill rows in id order (the one lock order of the gateway), their items; relies on bill_pkey, bill_item_pkey,
-- control_number_pkey
with locked as materialized (
  select b.control_number as number, b.group_id, b.id, b.control_number, b.form, b.sp_id, b.sp_bill_id, b.state,
         b.payment_option, b.currency, b.amount_minor, b.minimum_minor, b.limit_minor, b.paid_minor, b.surplus_minor,
         b.cover_number, b.version, b.expires_at, b.payer_name, b.payer_phone, b.payer_email, b.description,
         i.position, i.gfs_code, i.amount_minor as item_amount_minor, i.paid_minor as item_paid_minor
    from bill b
    join bill_item i on i.bill_id = b.id
   where b.id = any ($1::uuid[])
   order by b.id, i.position
     for update of b, i
)
select l.*, p.code as sp_code, p.name as sp_name,
       exists (select from control_number c where c.number = l.control_number and c.bill_id = l.id)
       or exists (select from bill_group g join control_number c on c.number = g.control_number
                   where g.id = l.group_id and c.group_id = g.id) as is_current
  from locked l join party p on p.id = l.sp_id
 order by l.id, l.position;
