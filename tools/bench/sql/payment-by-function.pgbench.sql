-- F: one payment as one function call.
select bench_pay(:bills, :psp, :psp_name);
