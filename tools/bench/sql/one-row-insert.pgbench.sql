-- C: the cheapest durable commit with a row in it.
insert into bench_row (note, at) values ('a payment notification as short as it can be', gateway_now());
