/**
 * Applies payments to their bills inside the caller's transaction: locks the bills in id order, folds the payments of
 * each bill one after another through bill.rules, and moves them in one statement. Nothing is refused by throwing;
 * every payment gets its decision.
 */
import { Injectable } from '@nestjs/common';
import type { Currency } from '../kernel/money';
import type { Tx } from '../platform/database/database';
import { decidePayment, type PayableBill, type PaymentDecision } from './bill.rules';
import { BillStore } from './bill.store';
import type { StoredBill } from './stored-bill';

export interface PaymentToApply {
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** As the notification names it; empty when it names none. */
  readonly collectionAccount: string;
}

export interface AppliedPayment {
  readonly bill: StoredBill;
  readonly decision: PaymentDecision;
  /** Version of the bill that this payment made; orders the confirmations of one bill. */
  readonly version: number;
}

@Injectable()
export class ApplyPayments {
  constructor(private readonly store: BillStore) {}

  /** One result per payment, in order; undefined for a control number that was never issued. */
  async execute(
    tx: Tx,
    payments: readonly PaymentToApply[],
    at: Date,
  ): Promise<readonly (AppliedPayment | undefined)[]> {
    const numbers = [...new Set(payments.map((payment) => payment.controlNumber))];
    const bills = await this.store.lockPayable(tx, numbers);
    const before = new Map(bills.map((bill) => [bill.controlNumber, bill]));
    const after = new Map<string, PayableBill>();
    const applied = payments.map((payment) => {
      const bill = before.get(payment.controlNumber);
      if (bill === undefined) return undefined;
      const current = after.get(bill.id) ?? bill;
      const decision = decidePayment(
        current,
        payment.amountMinor,
        payment.currency,
        at,
        isForeignAccount(bill, payment.collectionAccount),
      );
      if (decision.accepted) after.set(bill.id, decision.bill);
      return { bill, decision, version: bill.version + 1 };
    });
    const moves = bills.flatMap((bill) => {
      const moved = after.get(bill.id);
      return moved === undefined ? [] : [{ before: bill, after: moved }];
    });
    if (moves.length > 0 && (await this.store.apply(tx, moves)) !== moves.length) {
      throw new Error('a bill changed while its row was locked');
    }
    return applied;
  }
}

function isForeignAccount(bill: StoredBill, account: string): boolean {
  return account !== '' && bill.spAccounts.length > 0 && !bill.spAccounts.includes(account);
}
