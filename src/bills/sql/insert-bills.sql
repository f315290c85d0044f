-- Inserts a batch of bills with their items and control numbers. A bill whose (institution, BillId) exists already is
-- left out with all that belongs to it, also when a concurrent twin is the one that makes it. A number that is used
-- again points at its new bill from then on; the old bill keeps its rows.
-- $1 jsonb array of bills (see NewBill in bill.store), amounts as text in minor units
-- returns: ids of the bills inserted
-- locks: reused numbers, already locked by lock-numbers; relies on bill_sp_bill_id_key
with draft as (
  select * from jsonb_to_recordset($1::jsonb) as d (
    id uuid, "spId" integer, "spBillId" text, "controlNumber" text, "isReuse" boolean, "isImported" boolean,
    "groupId" uuid, "groupPosition" integer, form text, option text, currency text, "amountMinor" bigint,
    "miscMinor" bigint, "minimumMinor" bigint, "limitMinor" bigint, "generatedAt" timestamptz, "expiresAt" timestamptz,
    "payerId" text, "payerName" text, "payerPhone" text, "payerEmail" text, description text, "generatedBy" text,
    "approvedBy" text, "subSpCode" text, "systemId" text, extras jsonb, "contentDigest" text, items jsonb)
), added as (
  insert into bill (id, sp_id, sp_bill_id, control_number, group_id, group_position, form, payment_option, currency,
    amount_minor, misc_amount_minor, minimum_minor, limit_minor, generated_at, expires_at, payer_id, payer_name,
    payer_phone, payer_email, description, generated_by, approved_by, sub_sp_code, system_id, extras, content_digest)
  select id, "spId", "spBillId", "controlNumber", "groupId", "groupPosition", form, option, currency, "amountMinor",
         "miscMinor", "minimumMinor", "limitMinor", "generatedAt", "expiresAt", "payerId", "payerName", "payerPhone",
         "payerEmail", description, "generatedBy", "approvedBy", "subSpCode", "systemId", extras,
         decode("contentDigest", 'hex')
    from draft
   order by "spId", "spBillId"
  on conflict on constraint bill_sp_bill_id_key do nothing
  returning id, sp_id, control_number
), numbered as (
  insert into control_number (number, sp_id, bill_id, is_imported)
  select a.control_number, a.sp_id, a.id, d."isImported" from added a join draft d using (id) where not d."isReuse"
), renumbered as (
  update control_number c set bill_id = a.id
    from added a join draft d using (id) where d."isReuse" and c.number = a.control_number
), itemised as (
  insert into bill_item (bill_id, position, reference, pays_by_reference, gfs_code, sub_sp_code, amount_minor,
    misc_amount_minor)
  select a.id, i.position, i.item ->> 'reference', (i.item ->> 'paysByReference')::boolean, i.item ->> 'gfsCode',
         i.item ->> 'subSpCode', (i.item ->> 'amountMinor')::bigint, (i.item ->> 'miscMinor')::bigint
    from added a join draft d using (id)
    cross join lateral jsonb_array_elements(d.items) with ordinality as i (item, position)
)
select id from added;
