-- B: a hundred payments as one call.
select bench_pay_batch(:bills, :psp, :psp_name, 100);
