/** Axes in round steps that hold every value. */
import fc from 'fast-check';
import { scaleOf } from './scale.rules';

it.each<[bigint[], bigint[]]>([
  [[0n], [0n, 1n]],
  [[], [0n, 1n]],
  [[5n], [0n, 1n, 2n, 3n, 4n, 5n]],
  [[7n], [0n, 2n, 4n, 6n, 8n]],
  [
    [123n, 45n],
    [0n, 50n, 100n, 150n],
  ],
  [
    [-3n, 7n],
    [-4n, -2n, 0n, 2n, 4n, 6n, 8n],
  ],
])('%j has the ticks %j', (values, ticks) => {
  expect(scaleOf(values).ticks).toEqual(ticks);
});

it('holds every value between its first and last tick, in their order', () => {
  const amount = fc.bigInt(-(10n ** 17n), 10n ** 17n);
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1, maxLength: 20 }), (values) => {
      const { ticks, place } = scaleOf(values);
      expect(ticks.length).toBeLessThanOrEqual(8);
      for (const value of values) {
        expect(place(value)).toBeGreaterThanOrEqual(0);
        expect(place(value)).toBeLessThanOrEqual(1);
      }
      const sorted = [...values].sort((a, b) => (a < b ? -1 : 1));
      const places = sorted.map(place);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }),
  );
});
