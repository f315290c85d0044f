-- What a control number currently stands for, for an enquiry: nothing is locked and nothing written.
-- $1 text control number
-- returns: no row for a number never issued, else one, with the database's instant
-- locks: nothing; relies on control_number_pkey, bill_pkey
select c.number, b.id, b.sp_id, p.code as sp_code, p.name as sp_name, b.sp_bill_id, b.state, b.payment_option,
       b.currency, b.amount_minor, b.minimum_minor, b.limit_minor, b.paid_minor, b.surplus_minor, b.cover_number,
       b.version, b.expires_at, b.payer_name, b.payer_phone, b.payer_email, b.description,
       array(select a.account from party_collection_account o join collection_account a on a.id = o.collection_account_id
              where o.party_id = b.sp_id) as sp_accounts,
       (select jsonb_agg(jsonb_build_object('gfsCode', i.gfs_code, 'amountMinor', i.amount_minor::text,
                                            'paidMinor', i.paid_minor::text) order by i.position)
          from bill_item i where i.bill_id = b.id) as items,
       gateway_now() as at
  from control_number c join bill b on b.id = c.bill_id join party p on p.id = b.sp_id
 where c.number = $1;
