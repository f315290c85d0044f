-- The instant and the business day of a batch of notifications, and a receipt sequence for each of its rows; what is
-- refused leaves a gap, which receipts may have.
-- $1 integer rows
-- returns: one row, planned once: from generate_series each number of rows was worth a plan of its own, 100 µs
-- locks: nothing
select gateway_now() as now, business_day_of(gateway_now()) as day,
       array(select nextval('receipt_sequence')::text from unnest(array_fill(true, array[$1::integer]))) as sequences;
