/**
 * Applies payments to their bills inside the caller's transaction: locks the bills in id order, folds the payments of
 * each number one after another through the rules, and moves the bills in one statement. Nothing is refused by
 * throwing; every payment gets its decision. Deciding and moving can be had apart, for a caller that sends the move with
 * other statements.
 */
import { Injectable } from '@nestjs/common';
import type { Currency } from '../kernel/money';
import { PartyDirectory } from '../parties/party-directory';
import type { Tx } from '../platform/database/database';
import type { PayableBill, PaymentFault } from './bill.rules';
import { type AcceptedPart, decideShared } from './combined-bill.rules';
import { type NumberFault, numberFault } from './control-number.rules';
import { PayableBillStore } from './payable-bill.store';
import type { StoredBill, StoredNumber } from './stored-bill';

export interface PaymentToApply {
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** As the notification names it; empty when it names none. */
  readonly collectionAccount: string;
  /** An officer places it: that the bill's time is over does not matter (rulings.md §8). */
  readonly isPlaced?: boolean;
}

export interface AppliedPart {
  readonly bill: StoredBill;
  readonly share: AcceptedPart;
  /** Version of the bill that this payment made; orders the payments of one bill. */
  readonly version: number;
}

export type AppliedPayment =
  | { readonly fault: NumberFault; readonly stored?: undefined }
  | { readonly fault: PaymentFault; readonly stored: StoredNumber }
  /** The parts that got money, at least one. */
  | {
      readonly fault?: undefined;
      readonly stored: StoredNumber;
      readonly parts: readonly [AppliedPart, ...AppliedPart[]];
    };

export interface DecidedPayments {
  /** One per payment, in order. */
  readonly applied: readonly AppliedPayment[];
  readonly move: () => Promise<void>;
}

interface Fold {
  bill: PayableBill;
  version: number;
}

@Injectable()
export class ApplyPayments {
  constructor(
    private readonly store: PayableBillStore,
    private readonly directory: PartyDirectory,
  ) {}

  /** One result per payment, in order. */
  async execute(
    tx: Tx,
    payments: readonly PaymentToApply[],
    at: Date,
  ): Promise<readonly AppliedPayment[]> {
    const { applied, move } = await this.decide(tx, payments, at);
    await move();
    return applied;
  }

  /** As `execute`; the bills are locked, and move in this transaction when `move` is called. */
  async decide(tx: Tx, payments: readonly PaymentToApply[], at: Date): Promise<DecidedPayments> {
    const wanted = [...new Set(payments.map((payment) => payment.controlNumber))];
    const stored = await this.store.lock(tx, wanted);
    const missing = wanted.filter((number) => !stored.has(number));
    const faults = await this.faultsOf(tx, missing);
    const foreign = await this.foreignOf(tx, payments, stored);
    const folds = new Map<string, Fold>();
    const applied = payments.map((payment): AppliedPayment => {
      const number = stored.get(payment.controlNumber);
      if (number === undefined)
        return { fault: faults.get(payment.controlNumber) ?? 'control-number.unknown' };
      return apply(payment, number, folds, at, foreign.has(payment));
    });
    const moves = [...stored.values()].flatMap(({ bills }) =>
      bills.flatMap((before) => {
        const fold = folds.get(before.id);
        return fold === undefined ? [] : [{ before, after: fold.bill, version: fold.version }];
      }),
    );
    const move = async (): Promise<void> => {
      if (moves.length > 0 && (await this.store.apply(tx, moves)) !== moves.length)
        throw new Error('a bill changed while its row was locked');
    };
    return { applied, move };
  }

  /** Numbers that no bill can be found for: never issued, not well formed, or of a part of a group. */
  private async faultsOf(
    tx: Tx,
    numbers: readonly string[],
  ): Promise<ReadonlyMap<string, NumberFault>> {
    if (numbers.length === 0) return new Map();
    const found = await this.store.find(tx, numbers);
    return new Map(numbers.map((number) => [number, numberFault(number, found.get(number))]));
  }

  /** Which payments name an account that no institution of their number has. */
  private async foreignOf(
    tx: Tx,
    payments: readonly PaymentToApply[],
    stored: ReadonlyMap<string, StoredNumber>,
  ): Promise<ReadonlySet<PaymentToApply>> {
    const foreign = new Set<PaymentToApply>();
    for (const payment of payments) {
      const number = stored.get(payment.controlNumber);
      if (number === undefined || payment.collectionAccount === '') continue;
      const own = new Set<string>();
      for (const { spCode } of number.bills) {
        const sp = await this.directory.find(spCode, tx);
        for (const { account } of sp?.accounts ?? []) own.add(account);
      }
      if (own.size > 0 && !own.has(payment.collectionAccount)) foreign.add(payment);
    }
    return foreign;
  }
}

/** As if its time were not over. */
function revived(bill: PayableBill, at: Date): PayableBill {
  const expiresAt = bill.expiresAt < at ? at : bill.expiresAt;
  if (bill.state !== 'expired') return { ...bill, expiresAt };
  return { ...bill, expiresAt, state: bill.paidMinor > 0n ? 'partly-paid' : 'open' };
}

function apply(
  payment: PaymentToApply,
  stored: StoredNumber,
  folds: Map<string, Fold>,
  at: Date,
  isForeignAccount: boolean,
): AppliedPayment {
  const current = stored.bills.map(
    (bill): Fold => folds.get(bill.id) ?? { bill, version: bill.version },
  );
  const decision = decideShared(
    current.map(({ bill }) => (payment.isPlaced === true ? revived(bill, at) : bill)),
    payment.amountMinor,
    payment.currency,
    at,
    isForeignAccount,
  );
  if (!decision.accepted) return { fault: decision.fault, stored };
  const parts = stored.bills.flatMap((bill, i): AppliedPart[] => {
    const share = decision.parts[i];
    if (share === undefined || share.principalMinor + share.surplusMinor === 0n) return [];
    const version = (current[i]?.version ?? bill.version) + 1;
    folds.set(bill.id, { bill: share.bill, version });
    return [{ bill, share, version }];
  });
  const [first, ...others] = parts;
  if (first === undefined) throw new Error('an accepted payment reaches at least one bill');
  return { stored, parts: [first, ...others] };
}
