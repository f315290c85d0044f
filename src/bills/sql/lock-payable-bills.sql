-- Locks the bills that control numbers currently stand for, for payment or cancellation.
-- $1 text[] control numbers
-- returns: each number that exists, with its bill, its institution and its items in order
-- locks: bill rows, in id order (the one lock order of the gateway); relies on control_number_pkey, bill_pkey
with locked as materialized (
  select c.number, b.*
    from control_number c join bill b on b.id = c.bill_id
   where c.number = any ($1)
   order by b.id
     for update of b
)
select l.number, l.id, l.sp_id, p.code as sp_code, p.name as sp_name, l.sp_bill_id, l.state, l.payment_option,
       l.currency, l.amount_minor, l.minimum_minor, l.limit_minor, l.paid_minor, l.surplus_minor, l.cover_number,
       l.version, l.expires_at, l.payer_name, l.payer_phone, l.payer_email, l.description,
       array(select a.account from party_collection_account o join collection_account a on a.id = o.collection_account_id
              where o.party_id = l.sp_id) as sp_accounts,
       (select jsonb_agg(jsonb_build_object('gfsCode', i.gfs_code, 'amountMinor', i.amount_minor::text,
                                            'paidMinor', i.paid_minor::text) order by i.position)
          from bill_item i where i.bill_id = l.id) as items
  from locked l join party p on p.id = l.sp_id
 order by l.id;
