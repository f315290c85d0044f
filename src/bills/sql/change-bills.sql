-- Replaces what locked bills say; id, BillId, number, state and money stay. Items are replaced where the change says
-- so, which only unpaid bills get.
-- $1 jsonb array of changes (see change in bill.store)
-- returns: ids of the bills changed
-- locks: bills and items, already locked by lock-bills-to-change
with change as (
  select * from jsonb_to_recordset($1::jsonb) as d (
    id uuid, "changeDigest" text, "replacesItems" boolean, option text, currency text, "amountMinor" bigint,
    "miscMinor" bigint, "minimumMinor" bigint, "limitMinor" bigint, "generatedAt" timestamptz, "expiresAt" timestamptz,
    "payerId" text, "payerName" text, "payerPhone" text, "payerEmail" text, description text, "generatedBy" text,
    "approvedBy" text, "subSpCode" text, "systemId" text, extras jsonb, items jsonb)
), item as (
  select c.id as bill_id, i.position, i.item ->> 'reference' as reference,
         (i.item ->> 'paysByReference')::boolean as pays_by_reference, i.item ->> 'gfsCode' as gfs_code,
         i.item ->> 'subSpCode' as sub_sp_code, (i.item ->> 'amountMinor')::bigint as amount_minor,
         (i.item ->> 'miscMinor')::bigint as misc_amount_minor
    from change c cross join lateral jsonb_array_elements(c.items) with ordinality as i (item, position)
   where c."replacesItems"
), dropped as (
  delete from bill_item i using change c
   where i.bill_id = c.id and c."replacesItems" and i.position > jsonb_array_length(c.items)
), itemised as (
  insert into bill_item (bill_id, position, reference, pays_by_reference, gfs_code, sub_sp_code, amount_minor,
    misc_amount_minor)
  select * from item
  on conflict (bill_id, position) do update
    set reference = excluded.reference, pays_by_reference = excluded.pays_by_reference, gfs_code = excluded.gfs_code,
        sub_sp_code = excluded.sub_sp_code, amount_minor = excluded.amount_minor,
        misc_amount_minor = excluded.misc_amount_minor
)
update bill b
   set payment_option = c.option, currency = c.currency, amount_minor = c."amountMinor",
       misc_amount_minor = c."miscMinor", minimum_minor = c."minimumMinor", limit_minor = c."limitMinor",
       generated_at = c."generatedAt", expires_at = c."expiresAt", payer_id = c."payerId", payer_name = c."payerName",
       payer_phone = c."payerPhone", payer_email = c."payerEmail", description = c.description,
       generated_by = c."generatedBy", approved_by = c."approvedBy", sub_sp_code = c."subSpCode",
       system_id = c."systemId", extras = c.extras, change_digest = decode(c."changeDigest", 'hex'),
       version = b.version + 1
  from change c
 where b.id = c.id
returning b.id;
