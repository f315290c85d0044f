/** Statements on refunds and their batches: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Currency } from '../kernel/money';
import type { Reader, Tx } from '../platform/database/database';
import type { Officers } from './corrected-payment.store';

export type RefundSource = 'suspense' | 'surplus' | 'reversal';

export interface RefundView extends Officers {
  readonly id: string;
  readonly paymentId: string;
  readonly receiptNumber: string;
  readonly source: RefundSource;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly account: string;
  readonly creditorName: string;
  readonly creditorAccount: string;
  readonly creditorBank: string;
  readonly endToEndId: string;
  readonly reason: string;
  readonly approvedAt: Date;
  readonly state: 'approved' | 'instructed' | 'paid' | 'returned';
  readonly batchId: string | null;
}

export interface BatchView {
  readonly id: string;
  readonly account: string;
  readonly currency: Currency;
  readonly messageId: string;
  readonly madeAt: Date;
  readonly day: string;
  readonly bank: string;
  readonly holder: string;
}

const columns = `r.id, r.payment_id as "paymentId", p.receipt_number as "receiptNumber", r.source,
  r.amount_minor as "amountMinor", r.currency, r.account, r.creditor_name as "creditorName",
  r.creditor_account as "creditorAccount", r.creditor_bank as "creditorBank", r.end_to_end_id as "endToEndId", r.reason,
  r.requested_by as "requestedBy", r.approved_by as "approvedBy", r.approved_at as "approvedAt", r.state,
  r.batch_id as "batchId"`;

@Injectable()
export class RefundStore {
  async list(
    reader: Reader,
    only: { readonly state?: string; readonly batchId?: string; readonly endToEndId?: string },
  ): Promise<readonly RefundView[]> {
    return reader.query<RefundView>(
      `select ${columns} from refund r join payment p on p.id = r.payment_id
        where ($1::text is null or r.state = $1) and ($2::uuid is null or r.batch_id = $2)
          and ($3::text is null or r.end_to_end_id = $3)
        order by r.approved_at, r.id`,
      [only.state ?? null, only.batchId ?? null, only.endToEndId ?? null],
    );
  }

  async isCollectionAccount(tx: Tx, account: string, currency: string): Promise<boolean> {
    const rows = await tx.query(
      `select from collection_account where account = $1 and currency = $2`,
      [account, currency],
    );
    return rows.length > 0;
  }

  /** Already refunded of one source of a payment, less what the bank gave back. */
  async refunded(tx: Tx, paymentId: string, source: RefundSource): Promise<bigint> {
    const [row] = await tx.query<{ sum: bigint }>(
      `select coalesce(sum(amount_minor), 0)::bigint as sum from refund
        where payment_id = $1 and source = $2 and state <> 'returned'`,
      [paymentId, source],
    );
    return row?.sum ?? 0n;
  }

  /** What reversals after settlement left with us of a payment. */
  async owedByUs(tx: Tx, paymentId: string): Promise<bigint> {
    const [row] = await tx.query<{ sum: bigint }>(
      `select coalesce(sum(p.credit_minor - p.debit_minor), 0)::bigint as sum
         from payment_reversal r
         join ledger_entry e on e.source_kind = 'reversal' and e.source_id = r.id::text
         join posting p on p.entry_id = e.id and p.business_day = e.business_day
         join ledger_account a on a.id = p.account_id and a.kind = 'refund-payable'
        where r.payment_id = $1`,
      [paymentId],
    );
    return row?.sum ?? 0n;
  }

  async add(
    tx: Tx,
    refund: Omit<RefundView, 'approvedAt' | 'state' | 'batchId' | 'receiptNumber'>,
  ): Promise<void> {
    await tx.query(
      `insert into refund (id, payment_id, source, amount_minor, currency, account, creditor_name, creditor_account,
                           creditor_bank, end_to_end_id, reason, requested_by, approved_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        refund.id,
        refund.paymentId,
        refund.source,
        refund.amountMinor,
        refund.currency,
        refund.account,
        refund.creditorName,
        refund.creditorAccount,
        refund.creditorBank,
        refund.endToEndId,
        refund.reason,
        refund.requestedBy,
        refund.approvedBy,
      ],
    );
  }

  /** Of those given, how many were approved and are now in the batch. */
  async addBatch(
    tx: Tx,
    batch: Officers & {
      readonly id: string;
      readonly account: string;
      readonly currency: string;
      readonly messageId: string;
    },
    refundIds: readonly string[],
  ): Promise<number> {
    await tx.query(
      `insert into refund_batch (id, account, currency, message_id, requested_by, approved_by)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        batch.id,
        batch.account,
        batch.currency,
        batch.messageId,
        batch.requestedBy,
        batch.approvedBy,
      ],
    );
    const rows = await tx.query(
      `update refund set state = 'instructed', batch_id = $1
        where id = any ($2::uuid[]) and state = 'approved' and account = $3 and currency = $4 returning id`,
      [batch.id, refundIds, batch.account, batch.currency],
    );
    return rows.length;
  }

  async batch(reader: Reader, id: string): Promise<BatchView | undefined> {
    const [row] = await reader.query<BatchView>(
      `select b.id, b.account, b.currency, b.message_id as "messageId", b.made_at as "madeAt",
              business_day_of(b.made_at)::text as day, coalesce(a.bank, '') as bank,
              coalesce(a.holder, 'Malipo') as holder
         from refund_batch b
         left join lateral (select c.bank, p.name as holder
                              from collection_account c
                              join party_collection_account x on x.collection_account_id = c.id
                              join party p on p.id = x.party_id
                             where c.account = b.account and c.currency = b.currency
                             order by p.code limit 1) a on true
        where b.id = $1`,
      [id],
    );
    return row;
  }

  /** The instructed refund of a bank debit becomes paid; undefined where the debit is none of ours. */
  async markPaid(
    tx: Tx,
    endToEndId: string,
    amountMinor: bigint,
    currency: string,
  ): Promise<{ readonly id: string } | undefined> {
    const [row] = await tx.query<{ id: string }>(
      `update refund set state = 'paid', paid_at = gateway_now()
        where end_to_end_id = $1 and amount_minor = $2 and currency = $3 and state = 'instructed' returning id`,
      [endToEndId, amountMinor, currency],
    );
    return row;
  }

  /** A paid refund waits for the bank again; false where it is not paid. */
  async markUnpaid(tx: Tx, id: string): Promise<boolean> {
    const rows = await tx.query(
      `update refund set state = 'instructed', paid_at = null where id = $1 and state = 'paid' returning id`,
      [id],
    );
    return rows.length > 0;
  }

  /** The refund that came back becomes returned; false where it is not paid. */
  async markReturned(tx: Tx, id: string): Promise<boolean> {
    const rows = await tx.query(
      `update refund set state = 'returned', returned_at = gateway_now() where id = $1 and state = 'paid' returning id`,
      [id],
    );
    return rows.length > 0;
  }
}
