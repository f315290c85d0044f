/** The arrows back of product.md §2: paid → open, partly-paid or expired; item by item, and never more than there is. */
import { instantFromIso } from '../kernel/clock';
import { decidePayment, type PayableBill } from './bill.rules';
import { takeBack } from './take-back.rules';

const at = instantFromIso('2026-11-24T08:00:00Z');
const open: PayableBill = {
  state: 'open',
  option: 'partial',
  currency: 'TZS',
  amountMinor: 100n,
  minimumMinor: 1n,
  limitMinor: null,
  paidMinor: 0n,
  surplusMinor: 0n,
  coverNumber: 0,
  expiresAt: instantFromIso('2026-12-24T08:00:00Z'),
  items: [
    { gfsCode: 'A', amountMinor: 60n, paidMinor: 0n },
    { gfsCode: 'B', amountMinor: 40n, paidMinor: 0n },
  ],
};

function paid(bill: PayableBill, amountMinor: bigint) {
  const decision = decidePayment(bill, amountMinor, 'TZS', at);
  if (!decision.accepted) throw new Error(decision.fault);
  const codes = bill.items.map((item, i) => [item.gfsCode, decision.itemAmounts[i] ?? 0n] as const);
  return { ...decision, perGfs: () => new Map(codes) };
}

it('a paid bill is open again after its only payment went back, and the next cover is another', () => {
  const first = paid(open, 130n);
  const back = takeBack(first.bill, first, 130n, first.perGfs(), true);
  expect(back).toMatchObject({ principalMinor: 100n, surplusMinor: 30n, uncovers: true });
  expect(back.bill).toMatchObject({
    state: 'open',
    paidMinor: 0n,
    surplusMinor: 0n,
    coverNumber: 1,
  });
  expect(paid(back.bill, 100n).bill.coverNumber).toBe(2);
});

it('the first of two payments leaves what the second filled', () => {
  const first = paid(open, 60n);
  const second = paid(first.bill, 40n);
  const back = takeBack(second.bill, first, 60n, first.perGfs(), true);
  expect(back.bill).toMatchObject({ state: 'partly-paid', paidMinor: 40n });
  expect(back.bill.items.map((each) => each.paidMinor)).toEqual([0n, 40n]);
  expect(back.itemAmounts).toEqual([60n, 0n]);
});

it('a part goes back from the surplus first, then from the last item', () => {
  const first = paid(open, 110n);
  expect(takeBack(first.bill, first, 10n, first.perGfs(), true)).toMatchObject({
    surplusMinor: 10n,
    principalMinor: 0n,
    uncovers: false,
    bill: { state: 'paid' },
  });
  expect(takeBack(first.bill, first, 15n, first.perGfs(), true)).toMatchObject({
    itemAmounts: [0n, 5n],
    bill: { state: 'partly-paid', paidMinor: 95n },
  });
});

it('a bill whose time is over, or whose number went on, is expired', () => {
  const first = paid(open, 100n);
  expect(takeBack(first.bill, first, 100n, first.perGfs(), false).bill.state).toBe('expired');
});

it('more than the ledger says of the payment is never taken', () => {
  const first = paid(open, 100n);
  expect(() => takeBack(first.bill, first, 100n, new Map([['A', 60n]]), true)).toThrow('hold less');
});
