/** Several bills under one number: their sums, how a payment is shared out, and what any history of payments keeps. */
import fc from 'fast-check';
import { sumMinor } from '../kernel/money';
import type { PayableBill, PaymentOption } from './bill.rules';
import { asOne, decideShared } from './combined-bill.rules';

const at = new Date('2026-11-24T10:00:00Z');

function part(amounts: readonly bigint[], more: Partial<PayableBill> = {}): PayableBill {
  return {
    state: 'open',
    option: 'partial',
    currency: 'TZS',
    amountMinor: sumMinor(amounts),
    minimumMinor: 10n,
    limitMinor: null,
    paidMinor: 0n,
    surplusMinor: 0n,
    coverNumber: 0,
    expiresAt: new Date('2026-12-24T10:00:00Z'),
    items: amounts.map((amountMinor) => ({ gfsCode: '140206', amountMinor, paidMinor: 0n })),
    ...more,
  };
}

describe('parts as one bill', () => {
  it('are their sums, with the earliest expiry', () => {
    const expiresAt = new Date('2026-11-30T10:00:00Z');
    expect(asOne([part([60n, 40n]), part([50n], { expiresAt, limitMinor: 30n })])).toMatchObject({
      amountMinor: 150n,
      minimumMinor: 20n,
      limitMinor: 130n,
      expiresAt,
      items: [{ amountMinor: 60n }, { amountMinor: 40n }, { amountMinor: 50n }],
    });
  });

  it.each<[PayableBill['state'], PayableBill['state'][]]>([
    ['open', ['open', 'open']],
    ['partly-paid', ['paid', 'open']],
    ['partly-paid', ['partly-paid', 'open']],
    ['paid', ['paid', 'paid']],
    ['expired', ['paid', 'expired']],
    ['cancelled', ['cancelled', 'cancelled']],
  ])('are %s when they are %j', (state, states) => {
    expect(asOne(states.map((each) => part([10n], { state: each }))).state).toBe(state);
  });

  it('must be at least one', () => {
    expect(() => asOne([])).toThrow();
  });
});

describe('a payment on parts', () => {
  const share = (option: PaymentOption, amountMinor: bigint) => {
    const decision = decideShared(
      [part([60n, 40n], { option }), part([50n], { option })],
      amountMinor,
      'TZS',
      at,
      false,
    );
    return decision.accepted
      ? decision.parts.map((each) => [each.bill.state, each.principalMinor, each.surplusMinor])
      : decision.fault;
  };

  it.each<[PaymentOption, bigint, ReturnType<typeof share>]>([
    ['exact', 149n, 'bill.amount-inexact'],
    [
      'exact',
      150n,
      [
        ['paid', 100n, 0n],
        ['paid', 50n, 0n],
      ],
    ],
    ['full', 149n, 'bill.amount-insufficient'],
    [
      'full',
      155n,
      [
        ['paid', 100n, 5n],
        ['paid', 50n, 0n],
      ],
    ],
    ['partial', 19n, 'bill.amount-insufficient'],
    [
      'partial',
      70n,
      [
        ['partly-paid', 70n, 0n],
        ['open', 0n, 0n],
      ],
    ],
    [
      'partial',
      120n,
      [
        ['paid', 100n, 0n],
        ['partly-paid', 20n, 0n],
      ],
    ],
    ['limited', 151n, 'bill.amount-above-limit'],
  ])('%s of %s is %j', (option, amountMinor, result) => {
    expect(share(option, amountMinor)).toEqual(result);
  });

  it('of any sizes, one after another, loses and doubles nothing', () => {
    const amounts = fc.array(fc.bigInt(1n, 1_000n), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(amounts, { minLength: 1, maxLength: 4 }),
        fc.array(fc.bigInt(1n, 2_000n), { maxLength: 8 }),
        (shapes, payments) => {
          let bills: readonly PayableBill[] = shapes.map((each) =>
            part(each, { minimumMinor: 1n }),
          );
          let taken = 0n;
          for (const payment of payments) {
            const decision = decideShared(bills, payment, 'TZS', at, false);
            if (!decision.accepted) continue;
            taken += payment;
            bills = decision.parts.map((each) => each.bill);
          }
          expect(sumMinor(bills.map((bill) => bill.paidMinor + bill.surplusMinor))).toBe(taken);
          for (const bill of bills) {
            expect(sumMinor(bill.items.map((item) => item.paidMinor))).toBe(bill.paidMinor);
            expect(bill.paidMinor <= bill.amountMinor).toBe(true);
            expect(bill.state === 'paid').toBe(bill.paidMinor === bill.amountMinor);
          }
          // Nothing is on a part while an earlier one is not full.
          const firstOpen = bills.findIndex((bill) => bill.paidMinor < bill.amountMinor);
          if (firstOpen >= 0)
            expect(bills.slice(firstOpen + 1).every((bill) => bill.paidMinor === 0n)).toBe(true);
        },
      ),
    );
  });
});
