/**
 * What was collected for institutions, payment by payment and bill by bill, with what was given back of it and whether
 * its clearing came whole: the one definition that the day over /v1, the settlement report and the statement of an
 * institution read. A payment that is refunded out of its surplus is the institution's no more. Locks nothing. Back:
 * `down` drops the view. Rules: product.md §5, §8; rulings.md §8.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlaceCollections1764000000190 implements MigrationInterface {
  readonly name = 'PlaceCollections1764000000190';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create view collected_part as
      select a.sp_id, a.payment_id, a.bill_id, p.psp_id, p.business_day, p.currency,
             a.principal_minor + a.surplus_minor as collected_minor,
             coalesce((select sum(t.principal_minor + t.surplus_minor)
                         from payment_reversal r join payment_reversal_part t on t.reversal_id = r.id
                        where r.payment_id = p.id and t.bill_id = a.bill_id), 0)::bigint as reversed_minor,
             case when a.surplus_minor = 0 then 0
                  else coalesce((select sum(f.amount_minor) from refund f
                                  where f.payment_id = p.id and f.source = 'surplus' and f.state <> 'returned'), 0)
             end::bigint as refunded_minor,
             coalesce(e.open_minor <= 0, false) as is_settled
        from payment_allocation a
        join payment p on p.id = a.payment_id
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
    await runner.query(`select grant_to('malipo_system', 'select', 'collected_part')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop view collected_part`);
  }
}
