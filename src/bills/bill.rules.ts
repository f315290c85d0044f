/**
 * Bill states, payment options, and whether a payment may be taken and where it goes. Pure: the caller passes the
 * instant. Amounts are minor units of the bill's currency. Rules: product.md §2, rulings.md §2 (order), §8 (items).
 */
import type { Currency } from '../kernel/money';

export type BillState = 'open' | 'partly-paid' | 'paid' | 'cancelled' | 'expired';
export type PaymentOption = 'full' | 'partial' | 'exact' | 'limited';

export interface BillItem {
  readonly gfsCode: string;
  readonly amountMinor: bigint;
  readonly paidMinor: bigint;
}

export interface PayableBill {
  readonly state: BillState;
  readonly option: PaymentOption;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly minimumMinor: bigint;
  readonly limitMinor: bigint | null;
  readonly paidMinor: bigint;
  readonly surplusMinor: bigint;
  /** How often the bill was covered; more than once only after a reversal. */
  readonly coverNumber: number;
  readonly expiresAt: Date;
  readonly items: readonly BillItem[];
}

export type PaymentFault =
  | 'bill.cancelled'
  | 'bill.settled'
  | 'bill.expired'
  | 'bill.currency-different'
  | 'bill.account-foreign'
  | 'bill.amount-insufficient'
  | 'bill.amount-inexact'
  | 'bill.amount-above-limit';

export type PaymentDecision =
  | { readonly accepted: false; readonly fault: PaymentFault }
  | {
      readonly accepted: true;
      readonly bill: PayableBill;
      readonly principalMinor: bigint;
      readonly surplusMinor: bigint;
      /** By item index; sums to the principal. */
      readonly itemAmounts: readonly bigint[];
      readonly covers: boolean;
    };

function rest(bill: PayableBill): bigint {
  return bill.amountMinor - bill.paidMinor;
}

/** What a limited bill still takes; without a limit of its own, up to its amount. */
function limitRest(bill: PayableBill): bigint {
  return (bill.limitMinor ?? bill.amountMinor) - bill.paidMinor;
}

/** Still due at an instant; zero when covered, cancelled or expired, never negative. */
export function amountDue(bill: PayableBill, at: Date): bigint {
  const isPayable = (bill.state === 'open' || bill.state === 'partly-paid') && at <= bill.expiresAt;
  return isPayable ? rest(bill) : 0n;
}

/** The smallest sum that the bill takes now: the last instalment may be smaller than the minimum. */
export function minimumDue(bill: PayableBill): bigint {
  if (bill.option === 'exact' || bill.option === 'full') return rest(bill);
  const most =
    bill.option === 'limited' && limitRest(bill) < rest(bill) ? limitRest(bill) : rest(bill);
  return bill.minimumMinor < most ? bill.minimumMinor : most;
}

function amountFault(bill: PayableBill, amountMinor: bigint): PaymentFault | undefined {
  if (amountMinor <= 0n) return 'bill.amount-insufficient';
  switch (bill.option) {
    case 'exact':
      return amountMinor === rest(bill) ? undefined : 'bill.amount-inexact';
    case 'full':
    case 'partial':
      return amountMinor >= minimumDue(bill) ? undefined : 'bill.amount-insufficient';
    case 'limited':
      if (amountMinor > limitRest(bill)) return 'bill.amount-above-limit';
      return amountMinor >= minimumDue(bill) ? undefined : 'bill.amount-insufficient';
  }
}

/**
 * Fills items from their own balances, in order, each before the next: deterministic, nothing is rounded. Faults where
 * the items cannot hold the principal: the ledger entry is summed from them, so what is left over would be lost.
 */
function fillItems(items: readonly BillItem[], principalMinor: bigint): readonly bigint[] {
  let left = principalMinor;
  const parts = items.map((item) => {
    const open = item.amountMinor - item.paidMinor;
    const part = left < open ? left : open;
    left -= part;
    return part;
  });
  if (left !== 0n) throw new Error('the items of a bill hold less than its principal');
  return parts;
}

/**
 * Refuses in the documented order: cancelled, settled, expired (a payment at the expiry instant itself is in time),
 * currency, account, amount.
 */
export function decidePayment(
  bill: PayableBill,
  amountMinor: bigint,
  currency: Currency,
  at: Date,
  isForeignAccount = false,
): PaymentDecision {
  const refuse = (fault: PaymentFault): PaymentDecision => ({ accepted: false, fault });
  if (bill.state === 'cancelled') return refuse('bill.cancelled');
  if (bill.state === 'paid') return refuse('bill.settled');
  if (bill.state === 'expired' || at > bill.expiresAt) return refuse('bill.expired');
  if (currency !== bill.currency) return refuse('bill.currency-different');
  if (isForeignAccount) return refuse('bill.account-foreign');
  const fault = amountFault(bill, amountMinor);
  if (fault !== undefined) return refuse(fault);

  const principalMinor = amountMinor < rest(bill) ? amountMinor : rest(bill);
  const surplusMinor = amountMinor - principalMinor;
  const paidMinor = bill.paidMinor + principalMinor;
  const covers = paidMinor === bill.amountMinor;
  const itemAmounts = fillItems(bill.items, principalMinor);
  return {
    accepted: true,
    principalMinor,
    surplusMinor,
    itemAmounts,
    covers,
    bill: {
      ...bill,
      state: covers ? 'paid' : 'partly-paid',
      paidMinor,
      surplusMinor: bill.surplusMinor + surplusMinor,
      coverNumber: bill.coverNumber + (covers ? 1 : 0),
      items: bill.items.map((item, i) => ({
        ...item,
        paidMinor: item.paidMinor + (itemAmounts[i] ?? 0n),
      })),
    },
  };
}

/** What a cancellation does to a bill in a state (rulings.md §2). */
export const cancellations = {
  open: 'cancelled',
  'partly-paid': 'bill.partly-paid',
  paid: 'bill.settled',
  cancelled: 'bill.already-cancelled',
  expired: 'bill.expired',
} as const satisfies Record<BillState, string>;

export function decideCancellation(state: BillState): (typeof cancellations)[BillState] {
  return cancellations[state];
}

/** What becomes of a control number that is asked for again while it stands for a bill. */
export type ReuseFault = 'bill.number-in-use' | 'bill.number-partly-paid';

/** Free once its bill is paid, cancelled, or expired without any money on it (gepg-decisions B5). */
export function reuseFault(
  bill: Pick<PayableBill, 'state' | 'paidMinor' | 'expiresAt'>,
  at: Date,
): ReuseFault | undefined {
  if (bill.state === 'paid' || bill.state === 'cancelled') return undefined;
  if (bill.paidMinor > 0n) return 'bill.number-partly-paid';
  return bill.state === 'expired' || at > bill.expiresAt ? undefined : 'bill.number-in-use';
}

export type ChangeRefusal = 'bill.cancelled' | 'bill.settled' | 'bill.expired' | 'bill.partly-paid';

/** Whether a bill may be changed; of a partly paid one only the expiry moves (rulings.md §2). */
export function changeFault(
  bill: Pick<PayableBill, 'state' | 'expiresAt'>,
  at: Date,
  movesOnlyExpiry: boolean,
): ChangeRefusal | undefined {
  if (bill.state === 'cancelled') return 'bill.cancelled';
  if (bill.state === 'paid') return 'bill.settled';
  if (bill.state === 'expired' || at > bill.expiresAt) return 'bill.expired';
  return bill.state === 'partly-paid' && !movesOnlyExpiry ? 'bill.partly-paid' : undefined;
}
