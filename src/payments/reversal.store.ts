/** Statements on reversal requests: one method each, no decision. Every method asks for the PSP. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';
import type { ReversalReason, ReversalRequest } from './reversal-request';

export interface NotifiedPayment {
  readonly paymentId: string | null;
  readonly receiptNumber: string | null;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
}

/** As officers see it. */
export interface OfficersRequest extends ReversalRequest {
  readonly pspCode: string;
  readonly paymentId: string;
}

const columns = `id, psp_transaction_id as "transactionId", receipt_number as "receiptNumber", reason, note,
  intended_control_number as "intendedControlNumber", intended_amount_minor as "intendedAmountMinor", state,
  requested_at as "requestedAt"`;

@Injectable()
export class ReversalStore {
  async findPayment(
    reader: Reader,
    pspId: number,
    transactionId: string,
  ): Promise<NotifiedPayment | undefined> {
    const [row] = await reader.query<NotifiedPayment>(
      `select n.payment_id as "paymentId", p.receipt_number as "receiptNumber", n.control_number as "controlNumber",
              n.amount_minor as "amountMinor"
         from payment_notification n left join payment p on p.id = n.payment_id
        where n.psp_id = $1 and n.psp_transaction_id = $2`,
      [pspId, transactionId],
    );
    return row;
  }

  /** undefined where the payment has a request of this reason. */
  async add(
    tx: Tx,
    pspId: number,
    row: {
      readonly id: string;
      readonly paymentId: string;
      readonly transactionId: string;
      readonly receiptNumber: string;
      readonly reason: ReversalReason;
      readonly note: string;
      readonly intendedControlNumber: string | null;
      readonly intendedAmountMinor: bigint | null;
    },
  ): Promise<ReversalRequest | undefined> {
    const [added] = await tx.query<ReversalRequest>(
      `insert into reversal_request (id, psp_id, payment_id, psp_transaction_id, receipt_number, reason, note,
                                     intended_control_number, intended_amount_minor)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict on constraint reversal_request_key do nothing
       returning ${columns}`,
      [
        row.id,
        pspId,
        row.paymentId,
        row.transactionId,
        row.receiptNumber,
        row.reason,
        row.note,
        row.intendedControlNumber,
        row.intendedAmountMinor,
      ],
    );
    return added;
  }

  /** Of all PSPs, the oldest first. */
  async all(reader: Reader, state?: string): Promise<readonly OfficersRequest[]> {
    return reader.query<OfficersRequest>(
      `select ${columns}, payment_id as "paymentId", (select code from party where id = psp_id) as "pspCode"
         from reversal_request where $1::text is null or state = $1 order by requested_at, id`,
      [state ?? null],
    );
  }

  async hold(tx: Tx, id: string): Promise<OfficersRequest | undefined> {
    const [row] = await tx.query<OfficersRequest>(
      `select ${columns}, payment_id as "paymentId", (select code from party where id = psp_id) as "pspCode"
         from reversal_request where id = $1 for update`,
      [id],
    );
    return row;
  }

  async decide(
    tx: Tx,
    id: string,
    state: 'approved' | 'declined',
    by: string,
    decision: string,
  ): Promise<void> {
    await tx.query(
      `update reversal_request set state = $2, decided_by = $3, decided_at = gateway_now(), decision = $4
        where id = $1`,
      [id, state, by, decision],
    );
  }

  /** Newest first, one more than the page holds. */
  async search(
    reader: Reader,
    pspId: number,
    {
      id,
      before,
      limit,
    }: { readonly id?: string; readonly before?: string; readonly limit: number },
  ): Promise<readonly ReversalRequest[]> {
    return reader.query<ReversalRequest>(
      `select ${columns} from reversal_request
        where psp_id = $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or id < $3)
        order by id desc limit $4`,
      [pspId, id ?? null, before ?? null, limit],
    );
  }
}
