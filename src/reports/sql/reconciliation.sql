-- The latest run of every PSP and day of a period: what was compared, and what became of the discrepancies.
-- $1 date first day; $2 date last day; $3 text PSP code or null
-- returns: per day and PSP counts, the share of payments that matched, and the discrepancies by kind and state as text
-- locks: nothing; relies on discrepancy_key, discrepancy_carry_pkey
select r.business_day as day, p.code as psp, p.name,
       case when r.statement_id is null then 'missing' when r.is_provisional then 'provisional' else 'final' end as statement,
       r.line_count::bigint as lines, r.payment_count::bigint as payments, r.match_count::bigint as matched,
       case when r.payment_count = 0 then null
            else r.match_count::bigint * 10000 / r.payment_count end as "matchedShare",
       coalesce(d.open, 0) as open, coalesce(d.closed, 0) as closed, coalesce(d.kinds, '') as discrepancies
  from reconciliation_run r
  join party p on p.id = r.psp_id
  left join lateral (
    select sum(count) filter (where state not in ('resolved', 'withdrawn', 'carried'))::bigint as open,
           sum(count) filter (where state in ('resolved', 'withdrawn'))::bigint as closed,
           string_agg(count || ' ' || kind || ' ' || state, ', ' order by kind, state) as kinds
      from (select d.kind, s.state, count(*) as count
              from discrepancy d
              left join discrepancy_carry c on c.discrepancy_id = d.id
             cross join lateral (select case when c.discrepancy_id is not null then 'carried' else d.state end as state) s
             where d.psp_id = r.psp_id and d.business_day = r.business_day group by d.kind, s.state) by_kind
  ) d on true
 where r.business_day between $1::date and $2::date and r.is_latest
   and ($3::text is null or p.code = $3)
 order by r.business_day, p.code;
