/** Statements that show reversals, and what PSPs ask for, to officers. Amounts are minor units. */
import { Injectable } from '@nestjs/common';
import type { Currency } from '../kernel/money';
import type { Reader } from '../platform/database/database';
import type { ReversalRequest } from './reversal-request';

export interface ShownRequest extends ReversalRequest {
  readonly pspCode: string;
  readonly paymentId: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly ageDays: number;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly decision: string | null;
}

export interface RequestFilter {
  readonly state?: ReversalRequest['state'];
  readonly pspCode?: string;
  readonly receipt?: string;
  /** Asked for at least so many days ago. */
  readonly olderThanDays?: number;
}

export interface ShownReversal {
  readonly id: string;
  readonly paymentId: string;
  readonly receiptNumber: string;
  readonly pspCode: string;
  readonly kind: 'reversal' | 'correction';
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** The money was at the bank: we owe it to the payer. */
  readonly isSettled: boolean;
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly reversedAt: Date;
}

const requestColumns = `q.id, q.psp_transaction_id as "transactionId", q.receipt_number as "receiptNumber", q.reason, q.note,
  q.intended_control_number as "intendedControlNumber", q.intended_amount_minor as "intendedAmountMinor", q.state,
  q.requested_at as "requestedAt", s.code as "pspCode", q.payment_id as "paymentId", p.amount_minor as "amountMinor",
  p.currency, q.decided_by as "decidedBy", q.decided_at as "decidedAt", q.decision,
  business_day_of(gateway_now()) - business_day_of(q.requested_at) as "ageDays"`;

const requestTables = `reversal_request q join payment p on p.id = q.payment_id join party s on s.id = q.psp_id`;

const columns = `r.id, r.payment_id as "paymentId", p.receipt_number as "receiptNumber", s.code as "pspCode", r.kind,
  r.amount_minor as "amountMinor", p.currency, r.is_settled as "isSettled", r.reason, r.requested_by as "requestedBy",
  r.approved_by as "approvedBy", r.reversed_at as "reversedAt"`;

const tables = `payment_reversal r join payment p on p.id = r.payment_id join party s on s.id = p.psp_id`;

@Injectable()
export class ReversalViewStore {
  /** Newest first; `before` is the last one of the page before. */
  async requests(
    reader: Reader,
    { state, pspCode, receipt, olderThanDays }: RequestFilter,
    before: string | null,
    limit: number,
  ): Promise<readonly ShownRequest[]> {
    return reader.query<ShownRequest>(
      `select ${requestColumns} from ${requestTables}
        where ($1::text is null or q.state = $1) and ($2::text is null or s.code = $2)
          and ($3::text is null or q.receipt_number = $3)
          and ($4::integer is null or q.requested_at <= gateway_now() - $4 * interval '1 day')
          and ($5::uuid is null or q.id < $5)
        order by q.id desc limit $6`,
      [state ?? null, pspCode ?? null, receipt ?? null, olderThanDays ?? null, before, limit],
    );
  }

  async request(reader: Reader, id: string): Promise<ShownRequest | undefined> {
    const [row] = await reader.query<ShownRequest>(
      `select ${requestColumns} from ${requestTables} where q.id = $1`,
      [id],
    );
    return row;
  }

  async requestsOfPayment(reader: Reader, paymentId: string): Promise<readonly ShownRequest[]> {
    return reader.query<ShownRequest>(
      `select ${requestColumns} from ${requestTables} where q.payment_id = $1 order by q.id`,
      [paymentId],
    );
  }

  /** Newest first; `before` is the last one of the page before. */
  async reversals(
    reader: Reader,
    before: string | null,
    limit: number,
  ): Promise<readonly ShownReversal[]> {
    return reader.query<ShownReversal>(
      `select ${columns} from ${tables} where $1::uuid is null or r.id < $1 order by r.id desc limit $2`,
      [before, limit],
    );
  }

  /** The oldest first. */
  async ofPayment(reader: Reader, paymentId: string): Promise<readonly ShownReversal[]> {
    return reader.query<ShownReversal>(
      `select ${columns} from ${tables} where r.payment_id = $1 order by r.id`,
      [paymentId],
    );
  }
}
