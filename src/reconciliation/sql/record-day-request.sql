-- Records that an institution asked for a day, and counts how often it did in the hour that its last count began.
-- $1 integer institution; $2 text request id; $3 date day; $4 text option
-- returns: one row: whether it is the first of its id, day and option, and the count of this hour
-- locks: the row of the request; relies on day_batch_request_pkey
insert into day_batch_request as r (sp_id, request_id, business_day, option)
values ($1, $2, $3, $4)
on conflict on constraint day_batch_request_pkey do update
   set asked_count = case when r.hour_began_at > gateway_now() - interval '1 hour' then r.asked_count + 1 else 1 end,
       hour_began_at = case when r.hour_began_at > gateway_now() - interval '1 hour' then r.hour_began_at
                            else gateway_now() end,
       is_first = false
returning is_first as "isFirst", asked_count as "inLastHour";
