/** Payments as their institution reads them. Every method asks for the party (security-reliability I1). */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader } from '../platform/database/database';
import type { DayTotal, PaymentFilter, PaymentView } from './payment-view';

@Injectable()
export class PaymentViewStore {
  /** Newest first, one more than the page holds. */
  async search(
    reader: Reader,
    partyId: number,
    filter: PaymentFilter,
    { before, limit }: { readonly before: string | undefined; readonly limit: number },
  ): Promise<readonly PaymentView[]> {
    return reader.query<PaymentView>(
      `select p.id, p.receipt_number as "receiptNumber", p.control_number as "controlNumber", p.currency,
              sum(a.principal_minor + a.surplus_minor)::bigint as "amountMinor",
              sum(a.surplus_minor)::bigint as "surplusMinor",
              (select code from party where id = p.psp_id) as "pspCode",
              (select name from party where id = p.psp_id) as "pspName",
              p.psp_transaction_id as "pspTransactionId", p.channel, p.payer_name as "payerName",
              p.payer_phone as "payerPhone", p.payer_email as "payerEmail", p.paid_at as "paidAt",
              p.received_at as "receivedAt", p.business_day as "businessDay",
              json_agg(json_build_object('billId', b.sp_bill_id,
                'collectionAccount', coalesce(nullif(a.collection_account, ''), p.collection_account),
                'amountMinor', (a.principal_minor + a.surplus_minor)::text,
                'surplusMinor', a.surplus_minor::text) order by b.id) as bills
         from payment_allocation a join payment p on p.id = a.payment_id join bill b on b.id = a.bill_id
        where a.sp_id = $1 and ($2::uuid is null or a.payment_id < $2)
          and ($3::uuid is null or a.payment_id = $3)
          and ($4::text is null or p.receipt_number = $4)
          and ($5::text is null or p.control_number = $5)
          and ($6::text is null or b.sp_bill_id = $6)
          and ($7::date is null or p.business_day = $7)
        group by p.id order by p.id desc limit $8`,
      [
        partyId,
        before ?? null,
        filter.id ?? null,
        filter.receiptNumber ?? null,
        filter.controlNumber ?? null,
        filter.billId ?? null,
        filter.day ?? null,
        limit + 1,
      ],
    );
  }

  async totals(reader: Reader, partyId: number, day: BusinessDay): Promise<readonly DayTotal[]> {
    return reader.query<DayTotal>(
      `select p.currency, (select code from party where id = p.psp_id) as "pspCode",
              count(distinct p.id)::integer as count,
              sum(a.principal_minor + a.surplus_minor)::bigint as "amountMinor",
              sum(a.surplus_minor)::bigint as "surplusMinor"
         from payment_allocation a join payment p on p.id = a.payment_id
        where a.sp_id = $1 and p.business_day = $2
        group by p.currency, p.psp_id order by p.currency, "pspCode"`,
      [partyId, day],
    );
  }

  async now(reader: Reader): Promise<Date> {
    const [row] = await reader.query<{ now: Date }>(`select gateway_now() as now`);
    return (row as { now: Date }).now;
  }
}
