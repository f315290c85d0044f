/** Token buckets: burst, refill, keys apart, and no growth without end. */
import { TokenBuckets } from './token-buckets';

const rate = { perSecond: 2, burst: 3 };

it('lets a burst through, then the rate, each key for itself', () => {
  let ms = 0;
  const buckets = new TokenBuckets(() => ms);
  const takes = (key: string, count: number) =>
    Array.from({ length: count }, () => buckets.take(key, rate)).filter(Boolean).length;

  expect(takes('a', 5)).toBe(3);
  expect(takes('b', 1)).toBe(1);
  ms += 500;
  expect([buckets.has('a', rate), takes('a', 2), buckets.has('a', rate)]).toEqual([true, 1, false]);
  ms += 60_000;
  expect(takes('a', 9)).toBe(3);
});

it('forgets the oldest keys rather than grow', () => {
  const buckets = new TokenBuckets(() => 0);
  for (let i = 0; i < 3; i++) buckets.take('first', rate);
  for (let i = 0; i < 20_000; i++) buckets.take(String(i), rate);
  expect(buckets.take('first', rate)).toBe(true);
  expect(buckets.take('19999', rate)).toBe(true);
});

it('tells when the next one is there, also for a key whose rate the caller does not know', () => {
  let ms = 0;
  const buckets = new TokenBuckets(() => ms);
  expect(buckets.secondsToNext('a')).toBe(0);
  for (let i = 0; i < 3; i++) buckets.take('a', rate);
  expect(buckets.secondsToNext('a')).toBe(0.5);
  ms += 300;
  expect(buckets.secondsToNext('a')).toBeCloseTo(0.2);
  ms += 200;
  expect(buckets.secondsToNext('a')).toBe(0);
});
