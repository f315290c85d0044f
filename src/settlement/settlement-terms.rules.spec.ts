/** Terms: which hold on a day, when money is due, what fee is taken, and what is refused. */
import type { BusinessDay } from '../kernel/business-day';
import { BusinessCalendar } from './calendar.rules';
import {
  clearingDay,
  dayFees,
  defaultTerms,
  dueAt,
  feeOf,
  parseMinutes,
  parsePerMille,
  readTerms,
  referenceOf,
  type SettlementTerms,
  termsOn,
} from './settlement-terms.rules';

const day = (text: string) => text as BusinessDay;
const terms = (more: Partial<SettlementTerms> = {}): SettlementTerms => ({
  ...defaultTerms,
  currency: 'TZS',
  validFrom: day('2026-01-01'),
  ...more,
});

it('the account’s own terms go first, of these the latest that is valid', () => {
  const all = [
    terms({ settleDays: 2 }),
    terms({ settleDays: 3, validFrom: day('2026-11-01') }),
    terms({ settleDays: 4, collectionAccount: 'A' }),
    terms({ settleDays: 5, currency: 'USD' }),
  ];
  expect(termsOn(all, 'TZS', 'B', day('2026-10-31')).settleDays).toBe(2);
  expect(termsOn(all, 'TZS', 'B', day('2026-11-01')).settleDays).toBe(3);
  expect(termsOn(all, 'TZS', 'A', day('2026-11-01')).settleDays).toBe(4);
  expect(termsOn(all, 'TZS', 'B', day('2025-12-31')).settleDays).toBe(1);
});

it.each([
  [959, '2026-11-24'],
  [960, '2026-11-25'],
])('received at minute %i with a cut-off of 16:00, cleared on %s', (minute, expected) => {
  expect(clearingDay(terms({ cutoffMinutes: 960 }), day('2026-11-24'), minute)).toBe(expected);
});

it.each([
  ['2026-11-27', 1, 1_440, '2026-11-30T21:00:00.000Z'],
  ['2026-11-27', 0, 960, '2026-11-27T13:00:00.000Z'],
  ['2026-11-28', 2, 2_040, '2026-12-02T07:00:00.000Z'],
])('of %s at T+%i by minute %i is due at %s', (text, settleDays, dueMinutes, expected) => {
  const due = dueAt(terms({ settleDays, dueMinutes }), new BusinessCalendar([]), day(text));
  expect(due.toISOString()).toBe(expected);
});

it.each([
  [{ feeFlatMinor: 500n }, 1_000n, 500n],
  [{ feePerMillion: 1_500 }, 1_000_000n, 1_500n],
  [{ feePerMillion: 1_500 }, 333n, 0n],
  [{ feePerMillion: 1_500 }, 334n, 1n],
  [{ feePerMillion: 1_500, feeMinMinor: 100n }, 334n, 100n],
  [{ feePerMillion: 500_000, feeMaxMinor: 1_000n }, 10_000n, 1_000n],
])('%j of %s is %s', (more, amount, expected) => {
  expect(feeOf(terms(more), amount)).toBe(expected);
});

it.each([
  [{ feeBasis: 'none' }, 0n, 0n],
  [{ feeBasis: 'day', feeFlatMinor: 7n }, 7n, 0n],
  [{ feeBasis: 'transaction' }, 30n, 0n],
  [{ feeBasis: 'transaction', feeHandling: 'apart' }, 0n, 30n],
  [{ feeBasis: 'day', feeFlatMinor: 5_000n }, 1_000n, 0n],
] as const)('%j: kept %s, apart %s', (more, keptMinor, apartMinor) => {
  expect(dayFees(terms(more), 1_000n, 30n)).toEqual({ keptMinor, apartMinor });
});

it('a reference is filled in', () => {
  const form = terms({ referenceForm: 'CLR-{ddmmyy}-{account}/{psp}{yymmdd}' });
  expect(referenceOf(form, 'PSP701', '0150', day('2026-11-24'))).toBe(
    'CLR-241126-0150/PSP701261124',
  );
});

it.each(['25:00', '9:00', '12:60', ''])('%j is no time', (text) => {
  expect(() => parseMinutes(text, 1_440)).toThrow('settlement.time-malformed');
});

it.each(['-1', '1,5', '1.2345'])('%j is no rate', (text) => {
  expect(() => parsePerMille(text)).toThrow('settlement.rate-malformed');
});

it('reads terms as they are written', () => {
  const written = { currency: 'TZS', from: day('2026-11-01') };
  expect(readTerms(written)).toEqual(terms({ validFrom: day('2026-11-01') }));
  expect(
    readTerms({
      ...written,
      cutoff: '16:00',
      due: '34:00',
      feeBasis: 'day',
      feePerMille: '1.5',
      feeMax: '1000',
    }),
  ).toMatchObject({
    cutoffMinutes: 960,
    dueMinutes: 2_040,
    feePerMillion: 1_500,
    feeMaxMinor: 100_000n,
  });
  for (const more of [
    { currency: 'EUR' },
    { feeBasis: 'week' },
    { feeHandling: 'lost' },
    { settleDays: 31 },
    { cutoff: '00:00' },
    { feePerMille: '999.999', feeMin: '2', feeMax: '1' },
  ])
    expect(() => readTerms({ ...written, ...more })).toThrow('settlement.terms-malformed');
});
