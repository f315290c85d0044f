-- Inserts the booked entries of a statement, from JSON; one that another statement or notification told already, by the
-- bank's reference, is left out.
-- $1 bigint statement; $2 text account; $3 text currency; $4 jsonb list of entries
-- returns: id, booking day, direction and amount in minor units of each entry that is new
-- locks: nothing that exists; relies on bank_entry_reference_key
insert into bank_entry (statement_id, account, currency, place, line_number, path, direction, amount_minor, booking_day,
                        value_day, is_reversal, bank_reference, end_to_end_id, remittance, counterparty_name,
                        counterparty_account, transaction_code, return_reason, details, occurrence)
select $1, $2, $3, t.place, t."lineNumber", t.path, t.direction, t."amountMinor", t."bookingDay", t."valueDay", t."isReversal",
       t."bankReference", t."endToEndId", t.remittance, t."counterpartyName", t."counterpartyAccount", t."transactionCode",
       t."returnReason", t.details, t.occurrence
  from jsonb_to_recordset($4) as t (place integer, "lineNumber" integer, path text, direction text, "amountMinor" bigint,
       "bookingDay" date, "valueDay" date, "isReversal" boolean, "bankReference" text, "endToEndId" text, remittance text,
       "counterpartyName" text, "counterpartyAccount" text, "transactionCode" text, "returnReason" text, details jsonb,
       occurrence integer)
on conflict (account, currency, bank_reference, booking_day, direction, amount_minor, occurrence)
  where bank_reference <> '' do nothing
returning id, booking_day as "bookingDay", direction, amount_minor as "amountMinor";
