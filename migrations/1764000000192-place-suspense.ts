/**
 * `collected_part` tells of money in suspense too, which is no institution's and belongs to a clearing all the same, so
 * that a reversal of it knows whether the PSP has paid us. A clearing counts as settled when money came for it, nothing
 * of it is open, and it was computed after the payment was received. Locks nothing. Back: `down` drops it; the step
 * before makes it anew. Rules: rulings.md §8 (reversal before and after settlement).
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlaceSuspense1764000000192 implements MigrationInterface {
  readonly name = 'PlaceSuspense1764000000192';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace view collected_part as
      select a.sp_id, p.id as payment_id, a.bill_id, p.psp_id, p.business_day, p.currency,
             coalesce(a.principal_minor + a.surplus_minor, p.amount_minor) as collected_minor,
             coalesce((select sum(coalesce(t.principal_minor + t.surplus_minor, r.amount_minor))
                         from payment_reversal r
                         left join payment_reversal_part t on t.reversal_id = r.id
                        where r.payment_id = p.id and t.bill_id is not distinct from a.bill_id), 0)::bigint as reversed_minor,
             case when a.surplus_minor = 0 then 0
                  else coalesce((select sum(f.amount_minor) from refund f
                                  where f.payment_id = p.id and f.state <> 'returned'
                                    and f.source = case when a.bill_id is null then 'suspense' else 'surplus' end), 0)
             end::bigint as refunded_minor,
             coalesce(e.open_minor <= 0 and e.arrived_minor > 0 and e.computed_at >= p.received_at, false) as is_settled
        from payment p
        left join payment_allocation a on a.payment_id = p.id
       cross join lateral (
         select coalesce(nullif(a.collection_account, ''), p.collection_account) as account,
                extract(epoch from (p.received_at at time zone 'Africa/Dar_es_Salaam')::time) / 60 as minute) x
        left join lateral (
          select s.cutoff_minutes from settlement_terms s
           where s.psp_id = p.psp_id and s.currency = p.currency and s.collection_account in (x.account, '')
             and s.valid_from <= p.business_day
           order by s.collection_account <> '' desc, s.valid_from desc limit 1) t on true
        left join expectation_state e
          on e.psp_id = p.psp_id and e.collection_account = x.account and e.currency = p.currency
         and e.clearing_day = p.business_day + (x.minute >= coalesce(t.cutoff_minutes, 1440))::integer`);
  }

  /** What stands there is a view still, and the step before drops it. */
  async down(): Promise<void> {
    return Promise.resolve();
  }
}
