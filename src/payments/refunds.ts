/**
 * Refunds of money in suspense, of surplus, and of payments reversed after settlement. Two officers approve each; two
 * approve the batch that instructs the bank, which gives one file; the bank's debit is matched back by its end-to-end
 * id (rulings.md §8).
 */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { newId } from '../kernel/ids';
import { formatAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { PostEntries } from '../ledger/post-entries';
import { Approvals } from '../officers/approvals';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Reader, type Tx } from '../platform/database/database';
import { CorrectedPaymentStore, type HeldPayment, type Officers } from './corrected-payment.store';
import { referenceOf, refundFile } from './refund-file.rules';
import { refundNotices } from './refund-notice';
import { type RefundSource, RefundStore, type RefundView } from './refund.store';
import { refundEntry } from './reversal.rules';

export type { RefundSource };

export interface RefundWish {
  readonly paymentId: string;
  readonly source: RefundSource;
  readonly amountMinor: bigint;
  /** The collection account that the bank shall debit; the payment's, where it has one. */
  readonly account?: string;
  readonly creditorName: string;
  readonly creditorAccount: string;
  readonly creditorBank: string;
  readonly reason: string;
}

const action = 'refunds.request';

@Injectable()
export class Refunds implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly store: RefundStore,
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
        if (refund !== undefined) await this.refund(tx, refund, officers);
        else await this.instruct(tx, batch, officers);
      },
    });
  }

  /** Asks for a refund; returns the id of the approval. Refuses: as `refund`. */
  async request(wish: RefundWish, actor: string): Promise<string> {
    return this.database.transaction(async (tx) => {
      await this.weigh(tx, wish);
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
   * In the caller's transaction, approved already. Returns its id. Refuses: payment.unknown, refund.account-unknown, refund.too-much,
   * refund.creditor-missing.
   */
  async execute(tx: Tx, wish: RefundWish, officers: Officers): Promise<string> {
    const { payment, account, sp, institutions } = await this.weigh(tx, wish);
    const id: string = newId();
    await this.store.add(tx, {
      ...wish,
      ...officers,
      id,
      currency: payment.currency,
      account,
      endToEndId: referenceOf(id),
    });
    if (wish.source !== 'reversal') {
      const { day } = await this.payments.moment(tx);
      await this.ledger.execute(tx, [
        refundEntry({
          id,
          businessDay: day,
          currency: payment.currency,
          psp: payment.pspCode,
          sp,
          source: wish.source,
          amountMinor: wish.amountMinor,
        }),
      ]);
    }
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

  /** The instruction file of a batch, the same bytes whenever it is asked for. Refuses: refund.batch-unknown. */
  async file(batchId: string): Promise<{ readonly name: string; readonly text: string }> {
    const { reader } = this.database;
    const batch = /^[0-9a-f-]{36}$/.test(batchId)
      ? await this.store.batch(reader, batchId)
      : undefined;
    if (batch === undefined)
      throw new Refusal('refund.batch-unknown', `there is no batch ${batchId}`, 'not-found');
    const refunds = await this.store.list(reader, { batchId });
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

  private async refund(
    tx: Tx,
    { amountMinor, ...wish }: NonNullable<RefundContent['refund']>,
    officers: Officers,
  ): Promise<void> {
    await this.execute(tx, { ...wish, amountMinor: BigInt(amountMinor) }, officers);
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
    if (count !== batch.refundIds.length) {
      throw new Refusal(
        'refund.batch-changed',
        'some of these refunds are in another batch by now; ask again',
        'conflict',
      );
    }
    await this.audit.record(tx, {
      actor: officers.approvedBy,
      action: 'refund.instructed',
      subject: id,
      detail: { account: batch.account, total: batch.total, count },
    });
  }

  /** Whether there is that much to be refunded, and whose surplus it is. */
  private async weigh(
    tx: Tx,
    wish: RefundWish,
  ): Promise<{
    readonly payment: HeldPayment;
    readonly account: string;
    readonly sp: string | undefined;
    readonly institutions: readonly number[];
  }> {
    if (wish.creditorAccount.trim() === '' || wish.creditorName.trim() === '') {
      throw new Refusal(
        'refund.creditor-missing',
        'say whose account the money goes to',
        'unprocessable',
      );
    }
    const payment = await this.payments.hold(tx, wish.paymentId);
    if (payment === undefined)
      throw new Refusal('payment.unknown', 'there is no such payment', 'not-found');
    const { account = payment.collectionAccount } = wish;
    if (!(await this.store.isCollectionAccount(tx, account, payment.currency))) {
      throw new Refusal(
        'refund.account-unknown',
        `"${account}" is no collection account in ${payment.currency}: say from which one the bank shall pay`,
        'unprocessable',
      );
    }
    const parts = await this.payments.parts(tx, payment.id);
    const withSurplus = parts.find((part) => part.surplusMinor > 0n);
    const most = {
      suspense:
        payment.destination === 'suspense' && parts.length === 0
          ? payment.amountMinor - payment.takenBackMinor
          : 0n,
      surplus: withSurplus?.surplusMinor ?? 0n,
      reversal: await this.store.owedByUs(tx, payment.id),
    }[wish.source];
    const left = most - (await this.store.refunded(tx, payment.id, wish.source));
    if (wish.amountMinor <= 0n || wish.amountMinor > left) {
      throw new Refusal(
        'refund.too-much',
        `${formatAmount(left)} ${payment.currency} of the payment can be refunded from ${wish.source}`,
        'conflict',
      );
    }
    const institutions = [...new Set(parts.map((part) => part.spId))];
    return { payment, account, sp: withSurplus?.spCode, institutions };
  }
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
