/**
 * What a bill is after a payment, or some of it, was taken back: the surplus goes first, then the items that the payment
 * filled, the last first, each by what the ledger credited under its GFS code. The number of covers stays, so that the
 * next cover has a number of its own (rulings.md §8). Pure; amounts are minor units.
 */
import type { BillState, PayableBill } from './bill.rules';

export interface TakenBack {
  readonly bill: PayableBill;
  readonly principalMinor: bigint;
  readonly surplusMinor: bigint;
  /** By item index; sums to the principal. */
  readonly itemAmounts: readonly bigint[];
  /** The bill was paid and is not any more. */
  readonly uncovers: boolean;
}

const least = (...amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => (a < b ? a : b));

function stateOf(paidMinor: bigint, mayBePaid: boolean): BillState {
  if (!mayBePaid) return 'expired';
  return paidMinor === 0n ? 'open' : 'partly-paid';
}

/**
 * Takes up to `amountMinor` of what this payment put on the bill. `perGfs` holds what is left of the payment under each
 * GFS code and is drawn down. A bill whose number stands for another bill by now, or whose time is over, is expired.
 */
export function takeBack(
  bill: PayableBill,
  payment: { readonly principalMinor: bigint; readonly surplusMinor: bigint },
  amountMinor: bigint,
  perGfs: Map<string, bigint>,
  mayBePaid: boolean,
): TakenBack {
  const surplusMinor = least(amountMinor, payment.surplusMinor, bill.surplusMinor);
  const principalMinor = least(amountMinor - surplusMinor, payment.principalMinor);
  let left = principalMinor;
  const itemAmounts = bill.items.map(() => 0n);
  for (let i = bill.items.length - 1; i >= 0; i--) {
    const item = bill.items[i];
    if (item === undefined) continue;
    const ofCode = perGfs.get(item.gfsCode) ?? 0n;
    const amount = least(left, item.paidMinor, ofCode);
    itemAmounts[i] = amount;
    perGfs.set(item.gfsCode, ofCode - amount);
    left -= amount;
  }
  if (left !== 0n) throw new Error('the items of a bill hold less than is taken back');
  const paidMinor = bill.paidMinor - principalMinor;
  const uncovers = bill.state === 'paid' && principalMinor > 0n;
  const staysPaid = bill.state === 'paid' && !uncovers;
  return {
    bill: {
      ...bill,
      state: staysPaid ? 'paid' : stateOf(paidMinor, mayBePaid),
      paidMinor,
      surplusMinor: bill.surplusMinor - surplusMinor,
      items: bill.items.map((item, i) => ({
        ...item,
        paidMinor: item.paidMinor - (itemAmounts[i] ?? 0n),
      })),
    },
    principalMinor,
    surplusMinor,
    itemAmounts,
    uncovers,
  };
}
