/** Statements that show refunds and their files to officers: one method each, no decision. Amounts are minor units. */
import { Injectable } from '@nestjs/common';
import type { Currency } from '../kernel/money';
import type { Reader } from '../platform/database/database';
import type { RefundView } from './refund.store';

export interface RefundFilter {
  readonly state?: RefundView['state'];
  readonly account?: string;
  readonly receipt?: string;
  /** Approved at least so many days ago. */
  readonly olderThanDays?: number;
}

export interface ShownRefund extends RefundView {
  readonly pspCode: string;
  readonly ageDays: number;
  readonly paidAt: Date | null;
  readonly returnedAt: Date | null;
  /** The name of its instruction file, without its end. */
  readonly messageId: string | null;
  readonly instructedAt: Date | null;
}

/** What an account could be instructed to pay now. */
export interface WaitingRefunds {
  readonly account: string;
  readonly currency: Currency;
  readonly count: number;
  readonly amountMinor: bigint;
  readonly since: Date;
}

export interface ShownBatch {
  readonly id: string;
  readonly account: string;
  readonly currency: Currency;
  readonly messageId: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly madeAt: Date;
  readonly count: number;
  readonly amountMinor: bigint;
  readonly paidCount: number;
  readonly returnedCount: number;
}

const columns = `r.id, r.payment_id as "paymentId", p.receipt_number as "receiptNumber", s.code as "pspCode", r.source,
  r.amount_minor as "amountMinor", r.currency, r.account, r.creditor_name as "creditorName",
  r.creditor_account as "creditorAccount", r.creditor_bank as "creditorBank", r.end_to_end_id as "endToEndId", r.reason,
  r.requested_by as "requestedBy", r.approved_by as "approvedBy", r.approved_at as "approvedAt", r.state,
  r.batch_id as "batchId", r.paid_at as "paidAt", r.returned_at as "returnedAt", b.message_id as "messageId",
  b.made_at as "instructedAt", business_day_of(gateway_now()) - business_day_of(r.approved_at) as "ageDays"`;

const tables = `refund r join payment p on p.id = r.payment_id join party s on s.id = p.psp_id
  left join refund_batch b on b.id = r.batch_id`;

const batchColumns = `b.id, b.account, b.currency, b.message_id as "messageId", b.requested_by as "requestedBy",
  b.approved_by as "approvedBy", b.made_at as "madeAt", t.count, t.amount as "amountMinor", t.paid as "paidCount",
  t.returned as "returnedCount"`;

const batchSums = `join lateral (
  select count(*)::integer as count, sum(amount_minor)::bigint as amount,
         (count(*) filter (where state in ('paid', 'returned')))::integer as paid,
         (count(*) filter (where state = 'returned'))::integer as returned
    from refund where batch_id = b.id) t on true`;

@Injectable()
export class RefundViewStore {
  /** Newest first; `before` is the last one of the page before. */
  async search(
    reader: Reader,
    { state, account, receipt, olderThanDays }: RefundFilter,
    before: string | null,
    limit: number,
  ): Promise<readonly ShownRefund[]> {
    return reader.query<ShownRefund>(
      `select ${columns} from ${tables}
        where ($1::text is null or r.state = $1) and ($2::text is null or r.account = $2)
          and ($3::text is null or p.receipt_number = $3)
          and ($4::integer is null or r.approved_at <= gateway_now() - $4 * interval '1 day')
          and ($5::uuid is null or r.id < $5)
        order by r.id desc limit $6`,
      [state ?? null, account ?? null, receipt ?? null, olderThanDays ?? null, before, limit],
    );
  }

  /** The oldest first. */
  async ofPayment(reader: Reader, paymentId: string): Promise<readonly ShownRefund[]> {
    return reader.query<ShownRefund>(
      `select ${columns} from ${tables} where r.payment_id = $1 order by r.id`,
      [paymentId],
    );
  }

  async byIds(reader: Reader, ids: readonly string[]): Promise<readonly ShownRefund[]> {
    return reader.query<ShownRefund>(
      `select ${columns} from ${tables} where r.id = any ($1) order by r.id`,
      [ids],
    );
  }

  async ofBatch(reader: Reader, batchId: string): Promise<readonly ShownRefund[]> {
    return reader.query<ShownRefund>(
      `select ${columns} from ${tables} where r.batch_id = $1 order by r.id`,
      [batchId],
    );
  }

  async waiting(reader: Reader): Promise<readonly WaitingRefunds[]> {
    return reader.query<WaitingRefunds>(
      `select account, currency, count(*)::integer as count, sum(amount_minor)::bigint as "amountMinor",
              min(approved_at) as since
         from refund where state = 'approved' group by account, currency order by account, currency`,
    );
  }

  /** The latest first. */
  async batches(reader: Reader, limit: number): Promise<readonly ShownBatch[]> {
    return reader.query<ShownBatch>(
      `select ${batchColumns} from (select * from refund_batch order by id desc limit $1) b ${batchSums}
        order by b.id desc`,
      [limit],
    );
  }

  async batch(reader: Reader, id: string): Promise<ShownBatch | undefined> {
    const [row] = await reader.query<ShownBatch>(
      `select ${batchColumns} from refund_batch b ${batchSums} where b.id = $1`,
      [id],
    );
    return row;
  }
}
