-- Locks bills that stand alone with their items, to be changed; see BillContent in bill.store for the columns.
-- $1 integer institution; $2 text[] BillIds
-- returns: one row an item, bill by bill
-- locks: bill rows in id order, their items; relies on bill_sp_bill_id_key, bill_item_pkey
select b.id, b.sp_bill_id as "spBillId", b.control_number as "controlNumber", b.state, b.change_digest as "changeDigest",
       b.payment_option as option, b.currency, b.amount_minor::text as "amountMinor",
       b.misc_amount_minor::text as "miscMinor", b.minimum_minor::text as "minimumMinor",
       b.limit_minor::text as "limitMinor", b.generated_at as "generatedAt", b.expires_at as "expiresAt",
       b.payer_id as "payerId", b.payer_name as "payerName", b.payer_phone as "payerPhone",
       b.payer_email as "payerEmail", b.description, b.generated_by as "generatedBy", b.approved_by as "approvedBy",
       b.sub_sp_code as "subSpCode", b.system_id as "systemId", b.extras,
       jsonb_build_object('reference', i.reference, 'paysByReference', i.pays_by_reference, 'gfsCode', i.gfs_code,
                          'subSpCode', i.sub_sp_code, 'amountMinor', i.amount_minor::text,
                          'miscMinor', i.misc_amount_minor::text) as item
  from bill b join bill_item i on i.bill_id = b.id
 where b.sp_id = $1 and b.sp_bill_id = any ($2::text[]) and b.group_id is null
 order by b.id, i.position
   for update of b, i;
