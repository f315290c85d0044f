/** Payment options at their limits, the order of refusals, and what any history of instalments keeps. */
import fc from 'fast-check';
import { sumMinor } from '../kernel/money';
import {
  amountDue,
  changeFault,
  type BillState,
  decideCancellation,
  decidePayment,
  minimumDue,
  type PayableBill,
  type PaymentOption,
  reuseFault,
} from './bill.rules';

const expiresAt = new Date('2026-11-24T21:00:00.000Z');
const before = new Date('2026-11-24T20:59:59.999Z');
const after = new Date('2026-11-24T21:00:00.001Z');

function bill(option: PaymentOption, more: Partial<PayableBill> = {}): PayableBill {
  return {
    state: 'open',
    option,
    currency: 'TZS',
    amountMinor: 1_000n,
    minimumMinor: 100n,
    limitMinor: null,
    paidMinor: 0n,
    surplusMinor: 0n,
    coverNumber: 0,
    expiresAt,
    items: [
      { gfsCode: '142202', amountMinor: 600n, paidMinor: 0n },
      { gfsCode: '142203', amountMinor: 400n, paidMinor: 0n },
    ],
    ...more,
  };
}

describe('payment options', () => {
  it.each<[PaymentOption, bigint, Partial<PayableBill>, string]>([
    ['exact', 999n, {}, 'bill.amount-inexact'],
    ['exact', 1_000n, {}, 'paid +0'],
    ['exact', 1_001n, {}, 'bill.amount-inexact'],
    ['full', 999n, {}, 'bill.amount-insufficient'],
    ['full', 1_000n, {}, 'paid +0'],
    ['full', 1_001n, {}, 'paid +1'],
    ['partial', 99n, {}, 'bill.amount-insufficient'],
    ['partial', 100n, {}, 'partly-paid +0'],
    ['partial', 1_001n, {}, 'paid +1'],
    ['partial', 49n, { paidMinor: 950n, state: 'partly-paid' }, 'bill.amount-insufficient'],
    ['partial', 50n, { paidMinor: 950n, state: 'partly-paid' }, 'paid +0'],
    ['exact', 1_000n, { paidMinor: 600n, state: 'partly-paid' }, 'bill.amount-inexact'],
    ['exact', 400n, { paidMinor: 600n, state: 'partly-paid' }, 'paid +0'],
    ['limited', 501n, { limitMinor: 500n }, 'bill.amount-above-limit'],
    ['limited', 500n, { limitMinor: 500n }, 'partly-paid +0'],
    ['limited', 99n, { limitMinor: 500n }, 'bill.amount-insufficient'],
    ['limited', 50n, { limitMinor: 500n, paidMinor: 450n, state: 'partly-paid' }, 'partly-paid +0'],
    ['limited', 1_001n, {}, 'bill.amount-above-limit'],
    ['limited', 1_200n, { limitMinor: 1_200n }, 'paid +200'],
    ['exact', 0n, {}, 'bill.amount-insufficient'],
  ])('%s takes %s of %j: %s', (option, amount, more, result) => {
    const decision = decidePayment(bill(option, more), amount, 'TZS', before);
    expect(
      decision.accepted
        ? `${decision.bill.state} +${decision.surplusMinor.toString()}`
        : decision.fault,
    ).toBe(result);
  });
});

describe('the order of refusals', () => {
  it.each<[string, Partial<PayableBill>, Date]>([
    ['bill.cancelled', { state: 'cancelled' }, after],
    ['bill.settled', { state: 'paid' }, after],
    ['bill.expired', {}, after],
    ['bill.expired', { state: 'expired' }, before],
    ['bill.currency-different', {}, before],
  ])('says %s first', (fault, more, at) => {
    expect(decidePayment(bill('exact', more), 1n, 'USD', at, true)).toEqual({
      accepted: false,
      fault,
    });
  });

  it('then names a foreign account before a wrong amount', () => {
    expect(decidePayment(bill('exact'), 1n, 'TZS', before, true)).toEqual({
      accepted: false,
      fault: 'bill.account-foreign',
    });
  });

  it('takes a payment at the instant of expiry, and none after it', () => {
    expect(decidePayment(bill('exact'), 1_000n, 'TZS', expiresAt).accepted).toBe(true);
    expect([amountDue(bill('exact'), expiresAt), amountDue(bill('exact'), after)]).toEqual([
      1_000n,
      0n,
    ]);
  });
});

it.each<[BillState, bigint]>([
  ['open', 1_000n],
  ['partly-paid', 1_000n],
  ['paid', 0n],
  ['cancelled', 0n],
  ['expired', 0n],
])('of a bill that is %s, %s is due', (state, due) => {
  expect(amountDue(bill('full', { state }), before)).toBe(due);
});

describe('items', () => {
  it('are filled from their own balances, in order', () => {
    const decision = decidePayment(bill('partial'), 700n, 'TZS', before);
    expect(decision).toMatchObject({ accepted: true, itemAmounts: [600n, 100n], covers: false });
  });

  it('that are full get nothing more, and a surplus joins the one before', () => {
    const items = [
      { gfsCode: '142202', amountMinor: 600n, paidMinor: 600n },
      { gfsCode: '142203', amountMinor: 400n, paidMinor: 100n },
    ];
    const started = bill('partial', { items, paidMinor: 700n, surplusMinor: 7n });
    expect(decidePayment(started, 305n, 'TZS', before)).toMatchObject({
      itemAmounts: [0n, 300n],
      bill: { surplusMinor: 12n },
    });
  });

  it('sum to the principal, and paid plus rest to the amount, in any history of instalments', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(1n, 600n), { maxLength: 12 }), (amounts) => {
        let current = bill('partial', { minimumMinor: 1n });
        let taken = 0n;
        for (const amount of amounts) {
          const decision = decidePayment(current, amount, 'TZS', before);
          if (!decision.accepted) {
            expect(decision.fault).toBe('bill.settled');
            continue;
          }
          taken += amount;
          expect(sumMinor(decision.itemAmounts)).toBe(decision.principalMinor);
          expect(decision.principalMinor + decision.surplusMinor).toBe(amount);
          current = decision.bill;
        }
        expect(current.paidMinor + current.surplusMinor).toBe(taken);
        expect(sumMinor(current.items.map((item) => item.paidMinor))).toBe(current.paidMinor);
        expect(current.items.every((item) => item.paidMinor <= item.amountMinor)).toBe(true);
        expect(current.state === 'paid').toBe(current.paidMinor === current.amountMinor);
        expect(current.coverNumber).toBe(current.state === 'paid' ? 1 : 0);
      }),
    );
  });

  it('that hold less than the principal are a fault: the difference would reach no account', () => {
    const items = [{ gfsCode: '142202', amountMinor: 999n, paidMinor: 0n }];
    expect(() => decidePayment(bill('exact', { items }), 1_000n, 'TZS', before)).toThrow(
      'hold less',
    );
  });

  it('ask for the rest where it is below the minimum', () => {
    expect(minimumDue(bill('partial', { paidMinor: 950n }))).toBe(50n);
    expect(minimumDue(bill('full'))).toBe(1_000n);
    expect(minimumDue(bill('limited', { limitMinor: 500n, paidMinor: 450n }))).toBe(50n);
  });
});

it.each<[BillState, string]>([
  ['open', 'cancelled'],
  ['partly-paid', 'bill.partly-paid'],
  ['paid', 'bill.settled'],
  ['cancelled', 'bill.already-cancelled'],
  ['expired', 'bill.expired'],
])('a cancellation of a bill that is %s gives %s', (state, result) => {
  expect(decideCancellation(state)).toBe(result);
});

it.each<[BillState, bigint, Date, string | undefined]>([
  ['open', 0n, before, 'bill.number-in-use'],
  ['open', 0n, after, undefined],
  ['expired', 0n, after, undefined],
  ['expired', 5n, after, 'bill.number-partly-paid'],
  ['partly-paid', 5n, before, 'bill.number-partly-paid'],
  ['partly-paid', 5n, after, 'bill.number-partly-paid'],
  ['paid', 1_000n, before, undefined],
  ['cancelled', 0n, before, undefined],
])('the number of a bill that is %s with %s on it, at %s: %s', (state, paidMinor, at, fault) => {
  expect(reuseFault({ state, paidMinor, expiresAt }, at)).toBe(fault);
});

it.each<[BillState, boolean, Date, string | undefined]>([
  ['open', false, before, undefined],
  ['open', true, after, 'bill.expired'],
  ['expired', true, before, 'bill.expired'],
  ['partly-paid', true, before, undefined],
  ['partly-paid', false, before, 'bill.partly-paid'],
  ['paid', true, before, 'bill.settled'],
  ['cancelled', true, after, 'bill.cancelled'],
])(
  'a change of a bill that is %s, moving only its expiry: %s, at %s: %s',
  (state, only, at, fault) => {
    expect(changeFault({ state, expiresAt }, at, only)).toBe(fault);
  },
);
