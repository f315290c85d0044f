/** Days, months and fiscal years from 1 July. */
import fc from 'fast-check';
import { addDays, parseBusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { refusalOf } from '../../test/support/refusal';
import { daysOf, fiscalYearOf, spanOf } from './period.rules';

it.each([
  ['2026-06-30', '2025/2026'],
  ['2026-07-01', '2026/2027'],
  ['2026-12-31', '2026/2027'],
  ['2027-01-01', '2026/2027'],
  ['2027-06-30', '2026/2027'],
  ['2027-07-01', '2027/2028'],
])('%s lies in the fiscal year %s', (day, year) => {
  expect(fiscalYearOf(parseBusinessDay(day))).toBe(year);
});

it.each([
  ['2026-11-24', '2026-11-24', '2026-11-24', 1],
  ['2026-11', '2026-11-01', '2026-11-30', 30],
  ['2026-12', '2026-12-01', '2026-12-31', 31],
  ['2028-02', '2028-02-01', '2028-02-29', 29],
  ['2026/2027', '2026-07-01', '2027-06-30', 365],
  ['2027/2028', '2027-07-01', '2028-06-30', 366],
])('%s is from %s to %s: %i days', (text, from, to, days) => {
  expect(spanOf(text)).toEqual({ from, to });
  expect(daysOf(spanOf(text))).toBe(days);
});

it.each(['', '2026', '2026-13', '2026/2028', '2026-2027', 'leo', '2026-11-24T00:00'])(
  '"%s" is no period',
  (text) => {
    expect(refusalOf(() => spanOf(text))).toMatchObject({ code: 'report.period-malformed' });
  },
);

it('refuses a day that no calendar has', () => {
  expect(() => spanOf('2026-02-30')).toThrow(Refusal);
});

it('every day lies in the span of its fiscal year, and the day before its first does not', () => {
  const start = parseBusinessDay('2000-01-01');
  fc.assert(
    fc.property(fc.nat(20_000), (count) => {
      const day = addDays(start, count);
      const { from, to } = spanOf(fiscalYearOf(day));
      expect(from <= day && day <= to).toBe(true);
      expect(fiscalYearOf(addDays(from, -1))).not.toBe(fiscalYearOf(day));
      expect(fiscalYearOf(addDays(to, 1))).not.toBe(fiscalYearOf(day));
    }),
  );
});
