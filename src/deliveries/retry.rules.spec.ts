/** The retry schedule: its pauses, its spread, and its end after seven days. */
import fc from 'fast-check';
import { askedPauseMs, nextAttemptDelayMs, spreadOf } from './retry.rules';

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

it('waits for as long as the recipient asks, up to an hour, and never less than it would', () => {
  expect(nextAttemptDelayMs(1, middle, 60_000)).toBe(60_000);
  expect(nextAttemptDelayMs(1, middle, 1_000)).toBe(5_000);
  expect(nextAttemptDelayMs(1, middle, 86_400_000)).toBe(3_600_000);
});

it.each([
  ['no header', undefined, undefined, 0],
  ['seconds', '120', undefined, 120_000],
  ['more than an hour', '86400', undefined, 3_600_000],
  ['a date', 'Tue, 24 Nov 2026 10:02:00 GMT', 'Tue, 24 Nov 2026 10:00:00 GMT', 120_000],
  ['a date gone by', 'Tue, 24 Nov 2026 09:00:00 GMT', 'Tue, 24 Nov 2026 10:00:00 GMT', 0],
  ['a date and no clock', 'Tue, 24 Nov 2026 10:02:00 GMT', undefined, 0],
  ['rubbish', 'kesho', 'Tue, 24 Nov 2026 10:00:00 GMT', 0],
  ['a negative number', '-5', undefined, 0],
])('reads %s in Retry-After', (_what, retryAfter, date, ms) => {
  expect(askedPauseMs(retryAfter, date)).toBe(ms);
});

it('spreads consecutive deliveries over the whole circle, each attempt in its place', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 40n }), fc.nat(60), (first, attempt) => {
      const spreads = Array.from({ length: 20 }, (_, i) => spreadOf(first + BigInt(i), attempt));
      const tenths = new Set(spreads.map((each) => Math.floor(each * 10)));
      return (
        spreads.every((each) => each >= 0 && each < 1) &&
        tenths.size === 10 &&
        spreadOf(first, attempt) === spreads[0]
      );
    }),
  );
});
