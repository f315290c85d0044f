/**
 * Bills as their institution reads them. Every method asks for the party: what is another's does not exist here, and the
 * tenant role would not show it either (security-reliability I1).
 */
import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database/database';
import type { BillFilter, BillView, ListPage } from './bill-view';

const currentState = `case when b.state in ('open', 'partly-paid') and gateway_now() > b.expires_at
  then 'expired' else b.state end`;

const columns = `b.id, b.sp_bill_id as "billId", b.control_number as "controlNumber",
  (select g.sp_group_bill_id from bill_group g where g.id = b.group_id) as "groupBillId",
  ${currentState} as state, b.payment_option as option, b.currency, b.amount_minor as "amountMinor",
  b.minimum_minor as "minimumMinor", b.limit_minor as "limitMinor", b.paid_minor as "paidMinor",
  b.surplus_minor as "surplusMinor", b.form, b.version, b.generated_at as "generatedAt",
  b.created_at as "createdAt", b.expires_at as "expiresAt", b.cancelled_at as "cancelledAt",
  b.cancel_reason as "cancelReason", b.payer_id as "payerId", b.payer_name as "payerName",
  b.payer_phone as "payerPhone", b.payer_email as "payerEmail", b.description, b.generated_by as "generatedBy",
  b.approved_by as "approvedBy", b.sub_sp_code as "subSpCode", b.system_id as "systemId",
  (select json_agg(json_build_object('reference', i.reference, 'gfsCode', i.gfs_code, 'subSpCode', i.sub_sp_code,
            'amountMinor', i.amount_minor::text, 'paidMinor', i.paid_minor::text) order by i.position)
     from bill_item i where i.bill_id = b.id) as items`;

@Injectable()
export class BillViewStore {
  async find(
    reader: Reader,
    partyId: number,
    billIds: readonly string[],
  ): Promise<readonly BillView[]> {
    return reader.prepared<BillView>(
      'find-bill-views',
      `select ${columns} from bill b where b.sp_id = $1 and b.sp_bill_id = any ($2)`,
      [partyId, billIds],
    );
  }

  /** Newest first, one more than the page holds. */
  async search(
    reader: Reader,
    partyId: number,
    filter: BillFilter,
    { before, limit }: ListPage,
  ): Promise<readonly BillView[]> {
    return reader.query<BillView>(
      `select ${columns} from bill b
        where b.sp_id = $1 and ($2::uuid is null or b.id < $2)
          and ($3::text is null or ${currentState} = $3)
          and ($4::text is null or b.currency = $4)
          and ($5::text is null or b.control_number = $5)
          and ($6::text is null or b.sp_bill_id = $6)
          and ($7::text is null or b.payer_id = $7)
          and ($8::timestamptz is null or b.created_at >= $8)
          and ($9::timestamptz is null or b.created_at < $9)
        order by b.id desc limit $10`,
      [
        partyId,
        before ?? null,
        filter.state ?? null,
        filter.currency ?? null,
        filter.controlNumber ?? null,
        filter.billId ?? null,
        filter.payerId ?? null,
        filter.createdFrom ?? null,
        filter.createdBefore ?? null,
        limit + 1,
      ],
    );
  }
}
