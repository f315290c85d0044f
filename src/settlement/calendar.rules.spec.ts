/** Weekends, holidays and the n-th bank day, over Easter, Christmas and the feasts. */
import type { BusinessDay } from '../kernel/business-day';
import { BusinessCalendar, easterSunday } from './calendar.rules';

const day = (text: string) => text as BusinessDay;
const calendar = new BusinessCalendar([
  { day: day('2026-03-20'), name: 'Eid al-Fitr', isHoliday: true },
  { day: day('2026-12-09'), name: 'Independence Day', isHoliday: false },
]);

it.each([
  [2000, '2000-04-23'],
  [2024, '2024-03-31'],
  [2025, '2025-04-20'],
  [2026, '2026-04-05'],
  [2027, '2027-03-28'],
  [2028, '2028-04-16'],
  [2038, '2038-04-25'],
])('Easter of %i is on %s', (year, expected) => {
  expect(easterSunday(year)).toBe(expected);
});

it.each([
  ['2026-11-23', true],
  ['2026-11-28', false],
  ['2026-11-29', false],
  ['2026-04-03', false],
  ['2026-04-06', false],
  ['2026-10-14', false],
  ['2026-03-20', false],
  ['2026-12-09', true],
])('%s is a bank day: %s', (text, expected) => {
  expect(calendar.isBankDay(day(text))).toBe(expected);
});

it.each([
  ['2026-11-27', 1, '2026-11-30'],
  ['2026-11-28', 1, '2026-11-30'],
  ['2026-11-29', 0, '2026-11-30'],
  ['2026-11-30', 0, '2026-11-30'],
  ['2026-12-24', 1, '2026-12-28'],
  ['2026-12-24', 2, '2026-12-29'],
  ['2026-04-02', 1, '2026-04-08'],
  ['2026-03-19', 1, '2026-03-23'],
])('the bank day %s + %i is %s', (text, n, expected) => {
  expect(calendar.bankDayAfter(day(text), n)).toBe(expected);
});

it('names the holidays of a year, those of the rows among them', () => {
  const names = calendar.holidays(2026).map((each) => each.name);
  expect(names).toHaveLength(14);
  expect(names).toContain('Eid al-Fitr');
  expect(names).not.toContain('Independence Day');
});
