-- What is overdue or wrong at the bank now: expectations past their due time of which nothing (late) or a part (short) has
-- come; credits that are more than was due; credits, debits and returns that nothing explains.
-- $1 text[] accounts of the treasury, whose other entries are not ours to explain
-- returns: kind, PSP, subject, expectation, bank entry, both sums in minor units, currency, detail
-- locks: nothing; relies on bank_match_by_entry, bank_match_by_expectation
with expected as (
  select case when e.arrived_minor > 0 then 'short-settled' else 'late-settlement' end as kind, e.psp_id,
         e.collection_account || ' ' || e.currency || ' ' || e.clearing_day as subject, e.id as expectation_id,
         null::bigint as bank_entry_id, e.arrived_minor as their_minor,
         e.arrived_minor + e.open_minor - e.fee_open_minor as our_minor, e.currency,
         jsonb_build_object('account', e.collection_account, 'clearingDay', e.clearing_day, 'dueAt', e.due_at,
                            'reference', e.reference) as detail
    from expectation_state e
   where e.open_minor > e.fee_open_minor and e.due_at <= gateway_now()
), line as (
  select e.*, coalesce(m.matched, 0)::bigint as matched, m.psp_id, coalesce(m.settled, 0)::bigint as settled
    from bank_entry e
    left join lateral (
      select sum(b.amount_minor) as matched, max(x.psp_id) as psp_id, sum(b.amount_minor) filter (where b.kind = 'settlement') as settled
        from bank_match b left join expectation x on x.id = b.expectation_id where b.bank_entry_id = e.id) m on true
   where e.account <> all ($1)
), unexplained as (
  select case when l.direction = 'debit' and (l.is_reversal or l.return_reason <> '') then 'returned-credit'
              when l.direction = 'debit' then 'unidentified-debit'
              when l.settled > 0 then 'over-settled'
              else 'unidentified-credit' end as kind,
         l.psp_id, l.account || ' ' || l.currency || ' ' || l.id as subject, null::bigint as expectation_id, l.id as bank_entry_id,
         l.amount_minor as their_minor, l.matched as our_minor, l.currency,
         jsonb_build_object('account', l.account, 'bookingDay', l.booking_day, 'bankReference', l.bank_reference,
                            'endToEndId', l.end_to_end_id, 'remittance', l.remittance, 'counterparty', l.counterparty_name,
                            'leftMinor', (l.amount_minor - l.matched)::text) as detail
    from line l where l.amount_minor > l.matched
)
select kind, psp_id as "pspId", subject, expectation_id as "expectationId", bank_entry_id as "bankEntryId",
       their_minor as "theirMinor", our_minor as "ourMinor", currency, detail
  from (select * from expected union all select * from unexplained) w
 order by kind, subject;
