/**
 * Credits of the bank against expectations, held against an oracle that tries every subset: what is matched by sums is
 * one of the explanations that there are, exactly; an explanation that nothing else competes with is always found, 1:1,
 * 1:N and N:1; nothing is used twice; and a second run over what is left finds nothing more.
 */
import fc from 'fast-check';
import { addDays, type BusinessDay, parseBusinessDay } from '../../src/kernel/business-day';
import type { OpenCredit, OpenExpectation } from '../../src/settlement/open-items.rules';
import { type Allocation, matchCredits } from '../../src/settlement/settlement-matching.rules';
import { type Explanation, explanationsOf, isOne, keyOf, paid, total } from './bank-oracle';

/** What was matched, by what hangs together. */
function groupsOf(allocations: readonly Allocation[]): readonly string[] {
  let groups: Allocation[][] = [];
  for (const each of allocations) {
    const isBeside = (group: readonly Allocation[]) =>
      group.some((a) => a.creditId === each.creditId || a.expectationId === each.expectationId);
    const beside = groups.filter(isBeside).flat();
    groups = [...groups.filter((group) => !isBeside(group)), [...beside, each]];
  }
  const once = (ids: readonly bigint[]) => [...new Set(ids)].map((id) => ({ id }));
  return groups.map((group) =>
    keyOf(
      once(group.map(({ creditId }) => creditId)),
      once(group.map(({ expectationId }) => expectationId)),
    ),
  );
}

/** What a run leaves to the next. */
function restOf(
  credits: readonly OpenCredit[],
  expectations: readonly OpenExpectation[],
  allocations: readonly Allocation[],
): [OpenCredit[], OpenExpectation[]] {
  const takenOf = (of: (each: Allocation) => boolean) =>
    total(allocations.filter(of).map(({ amountMinor }) => amountMinor));
  return [
    credits.flatMap((each) => {
      const taken = takenOf(({ creditId }) => creditId === each.id);
      if (taken === each.amountMinor) return [];
      const isWhole = each.isWhole && taken === 0n;
      return [{ ...each, amountMinor: each.amountMinor - taken, isWhole }];
    }),
    expectations.flatMap((each) => {
      const taken = takenOf(({ expectationId }) => expectationId === each.id);
      return taken === each.netMinor ? [] : [{ ...each, netMinor: each.netMinor - taken }];
    }),
  ];
}

const last = parseBusinessDay('2026-11-30');
const dayOf = (ago: number): BusinessDay => addDays(last, -ago);
const referenceOf = (pspId: number, day: BusinessDay) =>
  `PSP${String(pspId)}${day.replaceAll('-', '')}`;

const anyExpectation = (amount: fc.Arbitrary<bigint>) =>
  fc.record({
    pspId: fc.constantFrom(1, 2),
    account: fc.constantFrom('A', 'A', 'A', 'B'),
    currency: fc.constantFrom('TZS', 'TZS', 'TZS', 'TZS', 'TZS', 'USD'),
    ago: fc.integer({ min: 0, max: 12 }),
    netMinor: amount,
  });
const anyCredit = fc.record({
  account: fc.constantFrom('A', 'A', 'A', 'B'),
  currency: fc.constantFrom('TZS', 'TZS', 'TZS', 'TZS', 'TZS', 'USD'),
  ago: fc.constantFrom(0, 0, 0, 1, 3),
  pspId: fc.constantFrom(undefined, 1, 2),
});

type DueDraft = ReturnType<typeof anyExpectation> extends fc.Arbitrary<infer T> ? T : never;
type CreditDraft = (typeof anyCredit extends fc.Arbitrary<infer T> ? T : never) & {
  readonly amountMinor: bigint;
  readonly text: string;
};

interface Bank {
  readonly credits: readonly OpenCredit[];
  readonly expectations: readonly OpenExpectation[];
}

/** One expectation of a PSP, account, currency and day. */
function bankOf(due: readonly DueDraft[], arrived: readonly CreditDraft[]): Bank {
  const keys = due.map(({ pspId, account, currency, ago }) =>
    [pspId, account, currency, ago].join(' '),
  );
  return {
    expectations: due.flatMap(({ ago, ...each }, i) =>
      keys.indexOf(keys[i] ?? '') === i
        ? [
            {
              ...each,
              id: BigInt(i + 1),
              day: dayOf(ago),
              reference: referenceOf(each.pspId, dayOf(ago)),
            },
          ]
        : [],
    ),
    credits: arrived.map(({ ago, text, ...each }, i) => ({
      ...each,
      id: BigInt(100 + i),
      bookingDay: dayOf(ago),
      fields: text === '' ? [] : [text],
      isWhole: true,
    })),
  };
}

/** Sums from a pool so small that everything collides. */
const small = fc.constantFrom(2n, 2n, 3n, 5n);
const crowded = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(
      fc.array(anyExpectation(small), { maxLength: 6 }),
      fc.array(fc.tuple(anyCredit, fc.constantFrom(2n, 2n, 3n, 4n, 5n, 7n), text), {
        maxLength: 5,
      }),
    )
    .map(([due, arrived]) =>
      bankOf(
        due,
        arrived.map(([each, amountMinor, said]) => ({ ...each, amountMinor, text: said })),
      ),
    );

/** Credits made from what is expected: of one, of several, or a part of one, with others that fit nothing. */
const planted = fc
  .tuple(
    fc.array(anyExpectation(fc.bigInt(1n, 1_000_000n)), { minLength: 1, maxLength: 6 }),
    fc.array(
      fc.tuple(
        anyCredit,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.bigInt(1n, 99n),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([due, plants]) => {
    const ordered = [...due].sort((a, b) => b.ago - a.ago);
    const arrived = plants.flatMap(([each, from, count, percent]) => {
      const first = ordered[from % ordered.length];
      if (first === undefined) return [];
      const same = ordered.filter(
        ({ pspId, account, currency }) =>
          pspId === first.pspId && account === first.account && currency === first.currency,
      );
      const some = same.slice(same.indexOf(first)).slice(0, count);
      const amountMinor = total(some.map(({ netMinor }) => netMinor));
      const part = (amountMinor * percent) / 100n;
      const credit = { ...each, account: first.account, currency: first.currency, text: '' };
      if (count > 1 || part === 0n || part === amountMinor) return [{ ...credit, amountMinor }];
      // Two credits that name the PSP make one.
      const named = { ...credit, pspId: first.pspId };
      return [
        { ...named, amountMinor: part },
        { ...named, amountMinor: amountMinor - part },
      ];
    });
    return bankOf(due, arrived);
  });

/** Two PSPs owe the same, and a credit names one of them or none. */
const alike = fc
  .tuple(anyExpectation(small), anyCredit, fc.boolean())
  .map(([due, arrived, isOther]) => {
    const both = ([1, 2] as const).map((pspId) => ({ ...due, pspId, ago: Math.min(due.ago, 9) }));
    const { account, currency, netMinor: amountMinor } = due;
    const other = { ...due, pspId: 1 as const, ago: 10, netMinor: 700n };
    return bankOf(isOther ? [...both, other] : both, [
      { ...arrived, account, currency, ago: 0, amountMinor, text: '' },
    ]);
  });

it('what is matched by sums is one of the explanations there are, and what nothing competes with is found', () => {
  const found = { '1:1': 0, '1:N': 0, 'N:1': 0, ambiguous: 0 };
  fc.assert(
    fc.property(fc.oneof(crowded(fc.constant('')), planted, alike), ({ credits, expectations }) => {
      const explanations = explanationsOf(credits, expectations);
      const { allocations, misses } = matchCredits(credits, expectations);
      const groups = groupsOf(allocations);
      const known = explanations.map((each) => keyOf(each.credits, each.expectations));
      expect(groups.filter((group) => !known.includes(group))).toEqual([]);
      const beside = (each: Explanation) =>
        explanations.filter(
          (other) =>
            other !== each &&
            (other.credits.some((credit) => each.credits.includes(credit)) ||
              other.expectations.some((one) => each.expectations.includes(one))),
        );
      const alone = explanations.filter((each) => each.isDirect && beside(each).length === 0);
      const missed = alone.filter(
        (each) => !groups.includes(keyOf(each.credits, each.expectations)),
      );
      expect(missed).toEqual([]);
      for (const { shape } of alone) found[shape] += 1;
      // Two PSPs owe just this, and nothing tells them apart: nobody may guess.
      for (const one of explanations) {
        const [other, ...more] = beside(one);
        if (other === undefined || more.length > 0 || beside(other).length > 1) continue;
        const [credit] = one.credits;
        if (one.shape !== '1:1' || other.shape !== '1:1' || credit !== other.credits[0]) continue;
        if (isOne([one, other].map(({ expectations: [due] }) => due?.pspId))) continue;
        const miss = misses.find(({ creditId }) => creditId === credit?.id);
        expect(miss?.reason).toBe('ambiguous');
        found.ambiguous += 1;
      }
    }),
    { numRuns: 2_000 },
  );
  // The property says something only where there was something to be found.
  expect(Math.min(...Object.values(found))).toBeGreaterThan(0);
});

const anyText = fc.constantFrom(
  '',
  referenceOf(1, dayOf(1)),
  referenceOf(1, dayOf(2)),
  `${referenceOf(1, dayOf(1))}${referenceOf(1, dayOf(2))}`,
  referenceOf(2, dayOf(3)).slice(0, -1),
);

it('no credit and no expectation is used twice, and the same again finds nothing more', () => {
  fc.assert(
    fc.property(fc.oneof(crowded(anyText), planted), ({ credits, expectations }) => {
      const { allocations } = matchCredits(credits, expectations);
      const pairs = allocations.map(
        ({ creditId, expectationId }) => `${String(creditId)}>${String(expectationId)}`,
      );
      expect(new Set(pairs).size).toBe(pairs.length);
      const [left, open] = restOf(credits, expectations, allocations);
      expect(left.every(({ amountMinor }) => amountMinor > 0n)).toBe(true);
      expect(open.every(({ netMinor }) => netMinor > 0n)).toBe(true);
      expect(matchCredits(left, open).allocations).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

it('what a reference names is taken up to what is due, whatever else there is', () => {
  fc.assert(
    fc.property(
      crowded(fc.constantFrom('', ...[1, 2, 3].map((ago) => referenceOf(1, dayOf(ago))))),
      (bank) => {
        const { credits, expectations } = bank;
        const { allocations } = matchCredits(credits, expectations);
        for (const one of expectations) {
          const naming = credits.filter(
            (each) =>
              each.fields.includes(one.reference) &&
              each.account === one.account &&
              each.currency === one.currency,
          );
          const named = total(naming.map(paid));
          const taken = total(
            allocations
              .filter(({ expectationId, rule }) => expectationId === one.id && rule === 'reference')
              .map(({ amountMinor }) => amountMinor),
          );
          expect(taken).toBe(named < one.netMinor ? named : one.netMinor);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
