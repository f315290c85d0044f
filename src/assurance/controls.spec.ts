/** Which control tests there are, and which is next. */
import { controls, isConservation, nextControl } from './controls';

it('every control is there once, those of the day first', () => {
  expect(new Set(controls).size).toBe(controls.length);
  expect(controls.slice(0, 4)).toEqual([
    'payments-posted',
    'payments-placed',
    'day-balanced',
    '01',
  ]);
  expect(controls.filter(isConservation)).toHaveLength(3);
});

it('goes through all of them and ends', () => {
  const done: string[] = [];
  for (let next = nextControl(done); next !== undefined; next = nextControl(done)) done.push(next);
  expect(done).toEqual(controls);
});
