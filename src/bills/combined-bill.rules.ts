/**
 * Several bills under one number: seen as one bill of their sums, and a payment shared out among them, filled part by
 * part, item by item, each before the next; a surplus belongs to the first part. One bill is the group of one.
 * Rules: rulings.md §8, gepg-decisions.md C11.
 */
import { type Currency, sumMinor } from '../kernel/money';
import {
  type BillState,
  decidePayment,
  type PayableBill,
  type PaymentDecision,
  type PaymentFault,
} from './bill.rules';

export type AcceptedPart = Extract<PaymentDecision, { accepted: true }>;

export type SharedDecision =
  | { readonly accepted: false; readonly fault: PaymentFault }
  | {
      readonly accepted: true;
      /** By bill index; a part without money has a principal and a surplus of zero. */
      readonly parts: readonly AcceptedPart[];
    };

/** The state of the whole: parts are cancelled together, and the whole is paid when every part is. */
export function stateOfAll(parts: readonly BillState[]): BillState {
  const states = new Set(parts);
  if (states.has('cancelled')) return 'cancelled';
  if (states.size === 1 && states.has('paid')) return 'paid';
  if (states.has('expired')) return 'expired';
  return states.has('paid') || states.has('partly-paid') ? 'partly-paid' : 'open';
}

/** All parts of a number as one bill: sums, the earliest expiry, the items of one part after those of another. */
export function asOne(bills: readonly PayableBill[]): PayableBill {
  const [first] = bills;
  if (first === undefined) throw new Error('a control number stands for at least one bill');
  if (bills.length === 1) return first;
  const sum = (amount: (bill: PayableBill) => bigint) => sumMinor(bills.map(amount));
  const hasLimit = bills.some((bill) => bill.limitMinor !== null);
  return {
    ...first,
    state: stateOfAll(bills.map((bill) => bill.state)),
    amountMinor: sum((bill) => bill.amountMinor),
    minimumMinor: sum((bill) => bill.minimumMinor),
    limitMinor: hasLimit ? sum((bill) => bill.limitMinor ?? bill.amountMinor) : null,
    paidMinor: sum((bill) => bill.paidMinor),
    surplusMinor: sum((bill) => bill.surplusMinor),
    expiresAt: bills.reduce(
      (least, bill) => (bill.expiresAt < least ? bill.expiresAt : least),
      first.expiresAt,
    ),
    items: bills.flatMap((bill) => bill.items),
  };
}

/** Decides on the sums, then shares out; refuses as `decidePayment` does. */
export function decideShared(
  bills: readonly PayableBill[],
  amountMinor: bigint,
  currency: Currency,
  at: Date,
  isForeignAccount: boolean,
): SharedDecision {
  const whole = decidePayment(asOne(bills), amountMinor, currency, at, isForeignAccount);
  if (!whole.accepted) return whole;
  if (bills.length === 1) return { accepted: true, parts: [whole] };
  let next = 0;
  const parts = bills.map((bill, index): AcceptedPart => {
    const itemAmounts = whole.itemAmounts.slice(next, next + bill.items.length);
    next += bill.items.length;
    const principalMinor = sumMinor(itemAmounts);
    const surplusMinor = index === 0 ? whole.surplusMinor : 0n;
    const paidMinor = bill.paidMinor + principalMinor;
    const covers = principalMinor > 0n && paidMinor === bill.amountMinor;
    return {
      accepted: true,
      principalMinor,
      surplusMinor,
      itemAmounts,
      covers,
      bill: {
        ...bill,
        state: covers ? 'paid' : principalMinor > 0n ? 'partly-paid' : bill.state,
        paidMinor,
        surplusMinor: bill.surplusMinor + surplusMinor,
        coverNumber: bill.coverNumber + (covers ? 1 : 0),
        items: bill.items.map((item, i) => ({
          ...item,
          paidMinor: item.paidMinor + (itemAmounts[i] ?? 0n),
        })),
      },
    };
  });
  return { accepted: true, parts };
}
