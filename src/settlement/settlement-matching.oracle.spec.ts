/**
 * The rules over sums against an oracle that knows only what they mean, and tries every subset: what was matched is
 * whole on both sides and allowed, and of what was left nothing fits, or it fits in two ways. Credits without references,
 * a few at a time, with sums so small that everything collides. Matching is repeated until it changes nothing, as the
 * timed work does.
 */
import fc from 'fast-check';
import { addDays, type BusinessDay } from '../kernel/business-day';
import { sumMinor } from '../kernel/money';
import {
  type Allocation,
  matchCredits,
  type OpenCredit,
  type OpenExpectation,
} from './settlement-matching.rules';

const bookingDay = '2026-11-30' as BusinessDay;
const days = ['2026-11-19', '2026-11-20', '2026-11-27', '2026-11-28', '2026-11-29', '2026-12-01'];

const anyCredit = fc.record({
  amountMinor: fc.bigInt(1n, 6n),
  account: fc.constantFrom('A', 'A', 'B'),
  currency: fc.constantFrom('TZS', 'TZS', 'USD'),
  pspId: fc.constantFrom(undefined, 1, 2),
  isWhole: fc.constantFrom(true, true, true, false),
});
const anyExpectation = fc.record({
  netMinor: fc.bigInt(1n, 5n),
  account: fc.constantFrom('A', 'A', 'B'),
  currency: fc.constantFrom('TZS', 'TZS', 'USD'),
  pspId: fc.constantFrom(1, 2),
  day: fc.constantFrom(...days) as fc.Arbitrary<BusinessDay>,
});
const anyMoney = fc.record({
  credits: fc
    .array(anyCredit, { maxLength: 5 })
    .map((all) =>
      all.map((each, i): OpenCredit => ({ ...each, id: BigInt(i), bookingDay, fields: [''] })),
    ),
  expectations: fc
    .uniqueArray(anyExpectation, {
      maxLength: 7,
      // One PSP expects one sum of a day on an account.
      selector: ({ pspId, account, currency, day }) => [pspId, account, currency, day].join(),
    })
    .map((all) =>
      all.map((each, i): OpenExpectation => ({ ...each, id: BigInt(i), reference: '' })),
    ),
});

const inOrder = (all: readonly OpenExpectation[]): readonly OpenExpectation[] =>
  [...all].sort((a, b) => (a.day === b.day ? Number(a.id - b.id) : a.day < b.day ? -1 : 1));

function subsetsOf<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((all, item) => [...all, ...all.map((some) => [...some, item])], [[]]);
}

/** In time, in its currency, and of no other PSP than the one that the credit names. */
const isNear = (credit: OpenCredit, each: OpenExpectation): boolean =>
  each.currency === credit.currency &&
  (credit.pspId === undefined || each.pspId === credit.pspId) &&
  each.day <= bookingDay &&
  each.day >= addDays(bookingDay, -10);

const ofOnePsp = (some: readonly OpenExpectation[]): boolean =>
  new Set(some.map(({ pspId }) => pspId)).size === 1;

/** The ways in which a credit is the exact sum of what is open, by the rule that allows it. */
function waysOf(credit: OpenCredit, open: readonly OpenExpectation[]) {
  const near = inOrder(open).filter((each) => isNear(credit, each));
  const fits = subsetsOf(near).filter(
    (some) =>
      some.length > 0 &&
      ofOnePsp(some) &&
      sumMinor(some.map(({ netMinor }) => netMinor)) === credit.amountMinor,
  );
  const isHere = ({ account }: OpenExpectation) => account === credit.account;
  return {
    sum: fits.filter((some) => some.length === 1 && some.every(isHere)),
    days: fits.filter((some) => {
      const line = near.filter((each) => isHere(each) && each.pspId === some[0]?.pspId);
      const from = line.findIndex((each) => each === some[0]);
      return some.length > 1 && some.every((each, i) => from >= 0 && each === line[from + i]);
    }),
    accounts: fits.filter((some) => {
      const [first] = some;
      const all = near.filter((each) => each.pspId === first?.pspId && each.day === first.day);
      return (
        some.length > 1 &&
        some.some(isHere) &&
        all.length === some.length &&
        some.every((each) => all.includes(each))
      );
    }),
  };
}

/** Until nothing changes: what is left on both sides, and everything that was taken. */
function settled(credits: readonly OpenCredit[], expectations: readonly OpenExpectation[]) {
  const taken: Allocation[] = [];
  for (;;) {
    const of = (key: 'creditId' | 'expectationId', id: bigint) =>
      sumMinor(taken.filter((each) => each[key] === id).map(({ amountMinor }) => amountMinor));
    const left = credits
      .map((each) => ({ ...each, amountMinor: each.amountMinor - of('creditId', each.id) }))
      .filter(({ amountMinor }) => amountMinor > 0n);
    const open = expectations
      .map((each) => ({ ...each, netMinor: each.netMinor - of('expectationId', each.id) }))
      .filter(({ netMinor }) => netMinor > 0n);
    const { allocations } = matchCredits(left, open);
    if (allocations.length === 0) return { taken, left, open };
    taken.push(...allocations);
  }
}

/** Ids are places here. */
function atPlace<T>(items: readonly T[], id: bigint): T {
  const item = items[Number(id)];
  if (item === undefined) throw new Error('matched what is not there');
  return item;
}

const runs = { numRuns: 2_000, seed: 6 };
const seen = new Set<string>();

it('matches only whole sums that a rule allows, each once', () => {
  fc.assert(
    fc.property(anyMoney, ({ credits, expectations }) => {
      const { allocations } = matchCredits(credits, expectations);
      for (const { creditId, rule } of allocations) {
        seen.add(rule);
        const credit = atPlace(credits, creditId);
        const ofCredit = allocations.filter((each) => each.creditId === creditId);
        const parts = ofCredit.map(({ expectationId }) => atPlace(expectations, expectationId));
        expect(credit.isWhole).toBe(true);
        expect(sumMinor(ofCredit.map((each) => each.amountMinor))).toBe(credit.amountMinor);
        expect(parts.every((each) => isNear(credit, each))).toBe(true);
        expect(new Set(parts.map((each) => each.pspId)).size).toBe(1);
        expect(new Set(ofCredit.map((each) => each.rule)).size).toBe(1);
      }
      for (const { expectationId } of allocations) {
        const ofOne = allocations.filter((each) => each.expectationId === expectationId);
        const { netMinor } = atPlace(expectations, expectationId);
        expect(sumMinor(ofOne.map(({ amountMinor }) => amountMinor))).toBe(netMinor);
        expect(ofOne.length === 1 || ofOne.every(({ rule }) => rule === 'sum-of-credits')).toBe(
          true,
        );
      }
    }),
    runs,
  );
  expect([...seen].sort()).toEqual(['sum', 'sum-of-accounts', 'sum-of-credits', 'sum-of-days']);
});

it('leaves no credit that fits in one way only', () => {
  fc.assert(
    fc.property(anyMoney, ({ credits, expectations }) => {
      const { left, open } = settled(credits, expectations);
      for (const credit of left.filter(({ isWhole }) => isWhole)) {
        const { sum, days: ofDays, accounts } = waysOf(credit, open);
        // One PSP with one sum twice is no doubt: its oldest day is settled first.
        expect(new Set(sum.map(([only]) => only?.pspId)).size).not.toBe(1);
        expect(ofDays).not.toHaveLength(1);
        expect(accounts).not.toHaveLength(1);
      }
    }),
    runs,
  );
});

it('does not depend on the order in which money is listed', () => {
  fc.assert(
    fc.property(anyMoney, ({ credits, expectations }) => {
      expect(matchCredits([...credits].reverse(), [...expectations].reverse()).allocations).toEqual(
        matchCredits(credits, expectations).allocations,
      );
    }),
    runs,
  );
});
