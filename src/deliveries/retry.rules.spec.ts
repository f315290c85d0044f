/** The retry schedule: its pauses, its spread, and its end after seven days. */
import { nextAttemptDelayMs } from './retry.rules';

const middle = 0.5;

it.each([
  [1, 5],
  [2, 30],
  [3, 120],
  [4, 600],
  [5, 1_800],
  [6, 3_600],
  [28, 3_600],
  [29, 21_600],
])('after attempt %i waits %i seconds', (attempts, seconds) => {
  expect(nextAttemptDelayMs(attempts, middle)).toBe(seconds * 1_000);
});

it('spreads by a fifth to both sides', () => {
  expect([nextAttemptDelayMs(1, 0), nextAttemptDelayMs(1, 1)]).toEqual([4_000, 6_000]);
});

it('ends after about seven days, and not before', () => {
  let totalMs = 0;
  let attempts = 1;
  for (let delay = nextAttemptDelayMs(attempts, middle); delay !== undefined; attempts++) {
    totalMs += delay;
    delay = nextAttemptDelayMs(attempts + 1, middle);
  }
  const days = totalMs / 86_400_000;
  expect(days).toBeGreaterThan(6.9);
  expect(days).toBeLessThan(7.1);
});
