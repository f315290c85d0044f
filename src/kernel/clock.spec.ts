/** Instants are read only where their text says which instant is meant. */
import { instantFromIso, SystemClock } from './clock';

it.each([
  ['2026-11-24T10:00:00Z', '2026-11-24T10:00:00.000Z'],
  ['2026-11-24T10:00:00.123Z', '2026-11-24T10:00:00.123Z'],
  ['2026-11-24T10:00:00+03:00', '2026-11-24T07:00:00.000Z'],
])('reads %s', (text, instant) => {
  expect(instantFromIso(text).toISOString()).toBe(instant);
});

it.each(['', '1', 'now', '2026-11-24', '2026-11-24T10:00:00', '2026-13-24T10:00:00Z'])(
  'faults on "%s"',
  (text) => {
    expect(() => instantFromIso(text)).toThrow('is not an instant');
  },
);

it('asks the machine', () => {
  expect(Math.abs(new SystemClock().now().getTime() - Date.now())).toBeLessThan(60_000);
});
