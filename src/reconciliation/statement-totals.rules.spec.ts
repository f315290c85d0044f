/** Control totals fit exactly, or every difference is told. */
import fc from 'fast-check';
import { type ControlTotals, sumsOf, totalFaults } from './statement-totals.rules';

type Lines = Parameters<typeof sumsOf>[0];

const faultsOf = (claimed: ControlTotals, held: Lines) =>
  totalFaults(claimed, held.length, sumsOf(held));

const lines: Lines = [
  { currency: 'TZS', amountMinor: 100n },
  { currency: 'TZS', amountMinor: 250n },
  { currency: 'USD', amountMinor: 5n },
];
const tzs = { currency: 'TZS', amountMinor: 350n };
const usd = { currency: 'USD', amountMinor: 5n };

it.each<[what: string, claimed: ControlTotals, held: Lines, pointers: readonly string[]]>([
  ['fits', { lineCount: 3, totals: [tzs, usd] }, lines, []],
  ['fits in any order', { lineCount: 3, totals: [usd, tzs] }, lines, []],
  ['an empty day fits', { lineCount: 0, totals: [] }, [], []],
  [
    'an empty day with a zero fits',
    { lineCount: 0, totals: [{ ...tzs, amountMinor: 0n }] },
    [],
    [],
  ],
  ['a line too few', { lineCount: 4, totals: [tzs, usd] }, lines, ['/lineCount']],
  [
    'another sum',
    { lineCount: 3, totals: [usd, { ...tzs, amountMinor: 351n }] },
    lines,
    ['/totals/1/amount'],
  ],
  ['a currency left out', { lineCount: 3, totals: [tzs] }, lines, ['/totals']],
  [
    'a currency too many',
    { lineCount: 1, totals: [tzs, usd] },
    [tzs] as Lines,
    ['/totals/1/amount'],
  ],
  ['a currency twice', { lineCount: 3, totals: [tzs, usd, tzs] }, lines, ['/totals/2/currency']],
  [
    'everything wrong at once',
    { lineCount: 2, totals: [{ ...tzs, amountMinor: 1n }] },
    lines,
    ['/lineCount', '/totals/0/amount', '/totals'],
  ],
])('%s', (_what, claimed, held, pointers) => {
  expect(faultsOf(claimed, held).map(({ pointer }) => pointer)).toEqual(pointers);
});

it('says both figures', () => {
  const [fault] = faultsOf({ lineCount: 3, totals: [{ ...tzs, amountMinor: 1n }, usd] }, lines);
  expect(fault?.detail).toBe('you say 0.01 TZS, the pages hold 3.50');
});

it('fits for the sums of any lines, and for no other amount', () => {
  const line = fc.record({
    currency: fc.constantFrom<'TZS' | 'USD'>('TZS', 'USD'),
    amountMinor: fc.bigInt({ min: 1n, max: 10n ** 15n }),
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), fc.bigInt({ min: 1n }), (held, off) => {
      const sums = new Map<string, bigint>();
      for (const { currency, amountMinor } of held)
        sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor);
      const totals = [...sums].map(([currency, amountMinor]) => ({ currency, amountMinor }));
      expect(faultsOf({ lineCount: held.length, totals }, held)).toEqual([]);
      const [first, ...rest] = totals;
      if (first === undefined) throw new Error('there is a line');
      const wrong = [{ ...first, amountMinor: first.amountMinor + off }, ...rest];
      expect(faultsOf({ lineCount: held.length, totals: wrong }, held)).toHaveLength(1);
    }),
  );
});
