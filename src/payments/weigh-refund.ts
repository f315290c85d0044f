/**
 * How much of a payment can be refunded, and from which money: what is in suspense, the surplus over its bills, or what a
 * reversal after settlement left with us; each less what was refunded of it before.
 */
import { Injectable } from '@nestjs/common';
import { isId } from '../kernel/ids';
import { formatAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import type { Tx } from '../platform/database/database';
import { CorrectedPaymentStore, type HeldPayment } from './corrected-payment.store';
import { type RefundSource, RefundStore } from './refund.store';

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

/** What a payment holds, in minor units of its currency. */
export interface Refundable {
  readonly payment: HeldPayment;
  readonly left: Readonly<Record<RefundSource, bigint>>;
  /** The institution whose surplus it is. */
  readonly sp: string | undefined;
  readonly institutions: readonly number[];
  /** The payment's own collection account, from which the bank pays unless another is named; empty where it has none. */
  readonly account: string;
}

@Injectable()
export class WeighRefund {
  constructor(
    private readonly store: RefundStore,
    private readonly payments: CorrectedPaymentStore,
  ) {}

  /** Refuses: payment.unknown. */
  async refundable(tx: Tx, paymentId: string): Promise<Refundable> {
    const payment = isId(paymentId) ? await this.payments.hold(tx, paymentId) : undefined;
    if (payment === undefined)
      throw new Refusal('payment.unknown', 'there is no such payment', 'not-found');
    const parts = await this.payments.parts(tx, payment.id);
    const withSurplus = parts.find((part) => part.surplusMinor > 0n);
    const isInSuspense = payment.destination === 'suspense' && parts.length === 0;
    const most: Record<RefundSource, bigint> = {
      suspense: isInSuspense ? payment.amountMinor - payment.takenBackMinor : 0n,
      surplus: withSurplus?.surplusMinor ?? 0n,
      reversal: await this.store.owedByUs(tx, payment.id),
    };
    const left = { ...most };
    for (const source of ['suspense', 'surplus', 'reversal'] as const)
      left[source] -= await this.store.refunded(tx, payment.id, source);
    const institutions = [...new Set(parts.map((part) => part.spId))];
    const { collectionAccount, currency } = payment;
    const isOurs = await this.store.isCollectionAccount(tx, collectionAccount, currency);
    const account = isOurs ? collectionAccount : '';
    return { payment, left, sp: withSurplus?.spCode, institutions, account };
  }

  /**
   * Refuses: payment.unknown, refund.account-unknown, refund.too-much, refund.creditor-missing, refund.creditor-malformed,
   * refund.reason-missing.
   */
  async execute(tx: Tx, wish: RefundWish): Promise<Refundable> {
    if (wish.creditorAccount.trim() === '' || wish.creditorName.trim() === '') {
      throw new Refusal(
        'refund.creditor-missing',
        'say whose account the money goes to',
        'unprocessable',
      );
    }
    // The file cuts what the format does not hold: of an account that would be another account.
    if (!/^[\w./ -]{1,34}$/.test(wish.creditorAccount)) {
      throw new Refusal(
        'refund.creditor-malformed',
        'an account is up to 34 digits, letters, spaces, dots, slashes and hyphens',
        'unprocessable',
      );
    }
    if (wish.reason.trim() === '')
      throw new Refusal('refund.reason-missing', 'say why it is refunded', 'unprocessable');
    const refundable = await this.refundable(tx, wish.paymentId);
    const { currency, collectionAccount } = refundable.payment;
    const { account = collectionAccount } = wish;
    if (!(await this.store.isCollectionAccount(tx, account, currency))) {
      throw new Refusal(
        'refund.account-unknown',
        `"${account}" is no collection account in ${currency}: say from which one the bank shall pay`,
        'unprocessable',
      );
    }
    const left = refundable.left[wish.source];
    if (wish.amountMinor <= 0n || wish.amountMinor > left) {
      throw new Refusal(
        'refund.too-much',
        `${formatAmount(left)} ${currency} of the payment can be refunded from ${wish.source}`,
        'conflict',
      );
    }
    return { ...refundable, account };
  }
}
