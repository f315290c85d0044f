/** Every day of a month stands once, under its weekday. */
import type { BusinessDay } from '../../kernel/business-day';
import { monthOf } from './calendar';

const today = '2026-11-24' as BusinessDay;

it.each([
  ['2026-11', '2026-11-01', '2026-11-30', '2026-10', '2026-12', 6],
  ['2026-12', '2026-12-01', '2026-12-31', '2026-11', '2027-01', 5],
  ['2027-02', '2027-02-01', '2027-02-28', '2027-01', '2027-03', 4],
  ['2028-02', '2028-02-01', '2028-02-29', '2028-01', '2028-03', 5],
])('%s', (text, first, last, before, after, weeks) => {
  const month = monthOf(text, today);
  expect(month).toMatchObject({ first, last, before, after });
  expect(month.weeks).toHaveLength(weeks);
  const days = month.weeks.flat().filter((day) => day !== null);
  expect([days[0], days.at(-1), days.length]).toEqual([first, last, Number(last.slice(-2))]);
  for (const week of month.weeks) {
    for (const [place, day] of week.entries())
      if (day !== null) expect((new Date(day).getUTCDay() + 6) % 7).toBe(place);
  }
});

it.each([undefined, '', '2026-13', '0001-01', 'x'])('%s is this month', (text) => {
  expect(monthOf(text, today).first).toBe('2026-11-01');
});
