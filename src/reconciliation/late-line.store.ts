/** The statement on lines that come after their day was closed. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Tx } from '../platform/database/database';
import type { DiscrepancyKind } from './discrepancy.rules';

export interface LateLine {
  readonly kind: DiscrepancyKind;
  readonly transactionId: string;
  readonly statementLineId: bigint | null;
  readonly paymentId: string | null;
  readonly theirMinor: bigint | null;
  readonly ourMinor: bigint | null;
  readonly currency: string;
}

@Injectable()
export class LateLineStore {
  /**
   * Where a statement differs from the one that its closed day was sealed with, and from our payments: by the kinds that
   * a run would find.
   */
  async differences(
    tx: Tx,
    late: { readonly pspId: number; readonly day: BusinessDay; readonly statementId: bigint },
  ): Promise<readonly LateLine[]> {
    return tx.query<LateLine>(
      `with sealed as (
         select o.psp_transaction_id, o.amount_minor, o.currency
           from reconciliation_run r join statement_line o on o.statement_id = r.statement_id
          where r.psp_id = $1 and r.business_day = $2 and r.is_latest
       ), line as (
         select distinct on (psp_transaction_id) * from statement_line where statement_id = $3
          order by psp_transaction_id, line_number
       )
       select case when p.id is not null and p.currency <> l.currency then 'currency-differs'
                   when p.id is not null then 'amount-differs'
                   when n.outcome = 'refused' then 'refused-here'
                   when exists (select from control_number c where c.number = l.control_number) then 'missing-here'
                   else 'unknown-number' end as kind,
              l.psp_transaction_id as "transactionId", l.id as "statementLineId", p.id as "paymentId",
              l.amount_minor as "theirMinor", p.amount_minor as "ourMinor", l.currency
         from line l
         left join payment p on p.psp_id = $1 and p.psp_transaction_id = l.psp_transaction_id
         left join payment_notification n on n.psp_id = $1 and n.psp_transaction_id = l.psp_transaction_id
        where (p.id is null or (p.amount_minor, p.currency) <> (l.amount_minor, l.currency))
          and not exists (select from sealed s where s.psp_transaction_id = l.psp_transaction_id
                             and s.amount_minor = l.amount_minor and s.currency = l.currency)
       union all
       select 'missing-there', p.psp_transaction_id, null, p.id, null, p.amount_minor, p.currency
         from payment p join sealed s on s.psp_transaction_id = p.psp_transaction_id
        where p.psp_id = $1 and p.business_day = $2
          and not exists (select from line l where l.psp_transaction_id = p.psp_transaction_id)
       order by "transactionId"`,
      [late.pspId, late.day, late.statementId],
    );
  }
}
