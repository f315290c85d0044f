/**
 * Refunds of money in suspense, of surplus, and of payments reversed after settlement. Two officers approve each; two
 * approve the batch that instructs the bank, which gives one file; the bank's debit is matched back by its end-to-end
 * id (rulings.md §8).
 */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { isId, newId } from '../kernel/ids';
import { formatAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import type { EntryDraft } from '../ledger/entry.rules';
import { PostEntries } from '../ledger/post-entries';
import { Approvals } from '../officers/approvals';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Reader, type Tx } from '../platform/database/database';
import { CorrectedPaymentStore, type Officers } from './corrected-payment.store';
import { referenceOf, refundFile } from './refund-file.rules';
import { refundNotices } from './refund-notice';
import { type RefundSource, RefundStore, type RefundView } from './refund.store';
import { plannedPostings } from './planned-postings';
import { refundEntry } from './reversal.rules';
import { type Refundable, type RefundWish, WeighRefund } from './weigh-refund';

export type { RefundSource, RefundWish };

const action = 'refunds.request';

@Injectable()
export class Refunds implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly store: RefundStore,
    private readonly weighing: WeighRefund,
    private readonly payments: CorrectedPaymentStore,
    private readonly ledger: PostEntries,
    private readonly approvals: Approvals,
    private readonly deliveries: EnqueueDelivery,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.approvals.register(action, {
      execute: async (tx, content, officers) => {
        const { refund, batch } = content as unknown as RefundContent;
        if (refund !== undefined) await this.execute(tx, wishOf(refund), officers);
        else await this.instruct(tx, batch, officers);
      },
      // What instructs the bank posts nothing: the bank's debit does.
      plan: async (tx, content) => {
        const { refund, batch } = content as unknown as RefundContent;
        if (refund === undefined) {
          await this.requireWaiting(tx, batch?.refundIds ?? []);
          return [];
        }
        const wish = wishOf(refund);
        const entry = await this.entryOf(tx, newId(), wish, await this.weighing.execute(tx, wish));
        return entry === undefined ? [] : plannedPostings(entry);
      },
    });
  }

  /** Asks for a refund; returns the id of the approval. Refuses as `execute`. */
  async request(wish: RefundWish, actor: string): Promise<string> {
    return this.database.transaction(async (tx) => {
      await this.weighing.execute(tx, wish);
      const refund = { ...wish, amountMinor: wish.amountMinor.toString() };
      return this.approvals.request(tx, {
        action,
        subject: `payment/${wish.paymentId}`,
        content: { refund },
        requestedBy: actor,
      });
    });
  }

  /**
   * In the caller's transaction, approved already. Returns its id. Refuses: payment.unknown, refund.account-unknown,
   * refund.too-much, refund.creditor-missing, refund.creditor-malformed, refund.reason-missing.
   */
  async execute(tx: Tx, wish: RefundWish, officers: Officers): Promise<string> {
    const weighed = await this.weighing.execute(tx, wish);
    const { payment, account, institutions } = weighed;
    const id: string = newId();
    await this.store.add(tx, {
      ...wish,
      ...officers,
      id,
      currency: payment.currency,
      account,
      endToEndId: referenceOf(id),
    });
    const entry = await this.entryOf(tx, id, wish, weighed);
    if (entry !== undefined) await this.ledger.execute(tx, [entry]);
    const told = wish.source === 'suspense' ? [] : institutions;
    await this.deliveries.execute(
      tx,
      refundNotices('payment-refunded', payment, told, { ...wish, id }),
    );
    await this.audit.record(tx, {
      actor: officers.approvedBy,
      action: 'refund.approved',
      subject: payment.id,
      detail: {
        refund: id,
        amount: formatAmount(wish.amountMinor),
        source: wish.source,
        requestedBy: officers.requestedBy,
        reason: wish.reason,
      },
    });
    return id;
  }

  async list(only: { state?: string; batchId?: string } = {}): Promise<readonly RefundView[]> {
    return this.store.list(this.database.reader, only);
  }

  /** Asks that all approved refunds of an account be instructed. Refuses: refund.none-waiting. */
  async requestBatch(account: string, currency: string, actor: string): Promise<string> {
    return this.database.transaction(async (tx) => {
      const waiting = (await this.store.list(tx, { state: 'approved' })).filter(
        (each) => each.account === account && each.currency === currency,
      );
      if (waiting.length === 0) {
        throw new Refusal(
          'refund.none-waiting',
          `no approved refund waits to be paid from ${account} in ${currency}`,
          'not-found',
        );
      }
      const sum = waiting.reduce((total, each) => total + each.amountMinor, 0n);
      return this.approvals.request(tx, {
        action,
        subject: `refund-account/${account}`,
        content: {
          batch: {
            account,
            currency,
            total: formatAmount(sum),
            refundIds: waiting.map((each) => each.id),
          },
        },
        requestedBy: actor,
      });
    });
  }

  /**
   * The instruction file of a batch, the same bytes whenever it is asked for; that `by` took it is recorded, since a bank
   * to which it is given twice may pay twice. Refuses: refund.batch-unknown.
   */
  async file(
    batchId: string,
    by: string,
  ): Promise<{ readonly name: string; readonly text: string }> {
    const { reader } = this.database;
    const batch = isId(batchId) ? await this.store.batch(reader, batchId) : undefined;
    if (batch === undefined)
      throw new Refusal('refund.batch-unknown', `there is no batch ${batchId}`, 'not-found');
    const refunds = await this.store.list(reader, { batchId });
    await this.database.transaction((tx) =>
      this.audit.record(tx, {
        actor: by,
        action: 'refund.file-taken',
        subject: batchId,
        detail: { file: batch.messageId },
      }),
    );
    return {
      name: `${batch.messageId}.xml`,
      text: refundFile({
        ...batch,
        executionDay: batch.day,
        debtorName: batch.holder,
        refunds: refunds.map((each) => ({
          ...each,
          remittance: `${each.receiptNumber} ${each.reason}`,
        })),
      }),
    };
  }

  /**
   * The bank paid a refund: its id, for the posting of the debit (refund-payable to bank-unallocated), once; undefined
   * where no instructed refund has this end-to-end id, sum and currency.
   */
  async settle(
    tx: Tx,
    endToEndId: string,
    amountMinor: bigint,
    currency: string,
  ): Promise<string | undefined> {
    return (await this.store.markPaid(tx, endToEndId, amountMinor, currency))?.id;
  }

  /** The bank did not pay it after all, as officers say; false where it is not paid, or came back. */
  async unsettle(tx: Tx, id: string): Promise<boolean> {
    return this.store.markUnpaid(tx, id);
  }

  /** The refund of an end-to-end id, however far it is; undefined where it is none of ours. */
  async find(reader: Reader, endToEndId: string): Promise<RefundView | undefined> {
    const [found] = await this.store.list(reader, { endToEndId });
    return found;
  }

  /** Of what a reversal left with us the reversal has posted that we owe it. */
  private async entryOf(
    tx: Tx,
    id: string,
    { source, amountMinor }: RefundWish,
    { payment, sp }: Refundable,
  ): Promise<EntryDraft | undefined> {
    if (source === 'reversal') return undefined;
    const { day } = await this.payments.moment(tx);
    const { currency, pspCode: psp } = payment;
    return refundEntry({ id, businessDay: day, currency, psp, sp, source, amountMinor });
  }

  private async requireWaiting(tx: Tx, ids: readonly string[]): Promise<void> {
    const waiting = await this.store.list(tx, { state: 'approved' });
    if (!ids.every((id) => waiting.some((each) => each.id === id))) throw batchChanged();
  }

  private async instruct(
    tx: Tx,
    batch: NonNullable<RefundContent['batch']> | undefined,
    officers: Officers,
  ): Promise<void> {
    if (batch === undefined) throw new Error('an approval of refunds holds a refund or a batch');
    const id: string = newId();
    const messageId = referenceOf(id);
    const count = await this.store.addBatch(
      tx,
      { ...officers, id, messageId, account: batch.account, currency: batch.currency },
      batch.refundIds,
    );
    if (count !== batch.refundIds.length) throw batchChanged();
    await this.audit.record(tx, {
      actor: officers.approvedBy,
      action: 'refund.instructed',
      subject: id,
      detail: { account: batch.account, total: batch.total, count },
    });
  }
}

function batchChanged(): Refusal {
  return new Refusal(
    'refund.batch-changed',
    'some of these refunds are in another batch by now; ask again',
    'conflict',
  );
}

function wishOf({ amountMinor, ...wish }: NonNullable<RefundContent['refund']>): RefundWish {
  return { ...wish, amountMinor: BigInt(amountMinor) };
}

interface RefundContent {
  readonly refund?: Omit<RefundWish, 'amountMinor'> & { readonly amountMinor: string };
  readonly batch?: {
    readonly account: string;
    readonly currency: string;
    readonly total: string;
    readonly refundIds: readonly string[];
  };
}
