-- Q: the cheapest question: one small row by its key.
select note from bench_row where id = 1;
