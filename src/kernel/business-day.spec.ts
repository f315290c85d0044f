/** The business day turns at 21:00 UTC; wire times are East Africa Time unless they say otherwise. */
import fc from 'fast-check';
import {
  addDays,
  businessDayOf,
  dayInterval,
  formatWireInstant,
  parseBusinessDay,
  parseWireInstant,
} from './business-day';

it.each([
  ['2026-11-24T20:59:59.999Z', '2026-11-24'],
  ['2026-11-24T21:00:00.000Z', '2026-11-25'],
  ['2026-12-31T21:00:00.000Z', '2027-01-01'],
  ['2028-02-28T21:00:00.000Z', '2028-02-29'],
])('%s belongs to %s', (instant, day) => {
  expect(businessDayOf(new Date(instant))).toBe(day);
  const { startsAt, endsAt } = dayInterval(parseBusinessDay(day));
  expect(startsAt <= new Date(instant) && new Date(instant) < endsAt).toBe(true);
});

it('counts days over months and years', () => {
  expect(addDays(parseBusinessDay('2026-12-31'), 1)).toBe('2027-01-01');
  expect(addDays(parseBusinessDay('2026-03-01'), -1)).toBe('2026-02-28');
});

it.each(['2026-02-30', '2026-13-01', '26-01-01', 'today', ''])('refuses the day "%s"', (text) => {
  expect(() => parseBusinessDay(text)).toThrow('day.malformed');
});

it.each([
  ['2026-11-24T10:00:00', '2026-11-24T07:00:00.000Z'],
  ['2026-11-24T10:00:00.123', '2026-11-24T07:00:00.123Z'],
  ['2026-11-24T10:00:00:5', '2026-11-24T07:00:00.500Z'],
  ['2026-11-24T10:00:00Z', '2026-11-24T10:00:00.000Z'],
  ['2026-11-24T10:00:00+02:00', '2026-11-24T08:00:00.000Z'],
  ['2026-11-24T10:00:00-0330', '2026-11-24T13:30:00.000Z'],
  ['9999-12-31T23:59:59', '9999-12-31T20:59:59.000Z'],
])('reads %s as %s', (text, instant) => {
  expect(parseWireInstant(text)?.toISOString()).toBe(instant);
});

it.each([
  '2026-02-30T10:00:00',
  '2026-11-24T24:00:00',
  '0026-11-24T10:00:00',
  '9999-12-31T23:59:59Z',
  '2026-11-24T10:00:00+15:00',
  '2026-11-24T23:59:60',
  '2026-11-24T10:00:60',
  '2026-11-24T10:60:00',
  '2026-11-24 10:00:00',
  '2026-11-24',
  '',
])('does not read "%s"', (text) => {
  expect(parseWireInstant(text)).toBeUndefined();
});

it('reads back what it writes, to the second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
      const instant = new Date(seconds * 1_000);
      expect(parseWireInstant(formatWireInstant(instant))).toEqual(instant);
    }),
  );
});
