/** When a delivery is tried again, and when no more (rulings.md §5): the schedule as a list, ±20 % jitter, seven days. */
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Pauses after the first, second … failed attempt; then hourly to 24 h, then six-hourly to seven days. */
const firstPauses = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, hour];
const hourlyCount = 22;
const sixHourlyCount = 24;

/** A recipient may ask us to wait, but not to forget what it is owed (security-reliability §3.3). */
const longestAskedMs = hour;

/**
 * Milliseconds until the next attempt, after `failures` (1 or more); undefined when the last is made. `spread` in [0, 1)
 * moves it by ±20 %, so that a recovered endpoint is not met by everything at once. What the recipient asked for in
 * `Retry-After` is honoured where it is longer.
 */
export function nextAttemptDelayMs(
  failures: number,
  spread: number,
  askedMs = 0,
): number | undefined {
  const index = failures - 1;
  const pause =
    firstPauses[index] ??
    (index < firstPauses.length + hourlyCount
      ? hour
      : index < firstPauses.length + hourlyCount + sixHourlyCount
        ? 6 * hour
        : undefined);
  if (pause === undefined) return undefined;
  return Math.max(Math.round(pause * (0.8 + 0.4 * spread)), Math.min(askedMs, longestAskedMs));
}

const goldenRatio = 0.618_033_988_749_895;

/**
 * In [0, 1), the same for the same attempt: consecutive deliveries lie as far apart as points on a circle can, which
 * chance does not promise.
 */
export function spreadOf(deliveryId: bigint, attempt: number): number {
  const place = Number(BigInt.asUintN(40, deliveryId)) * goldenRatio + attempt * Math.SQRT2;
  return place - Math.floor(place);
}

/**
 * What a `Retry-After` header asks for: seconds, or an HTTP date, which is read against the answer's own `Date`, since
 * the recipient's clock need not be ours. 0 for none and for one that cannot be read.
 */
export function askedPauseMs(retryAfter: string | undefined, date: string | undefined): number {
  if (retryAfter === undefined) return 0;
  if (/^\d{1,9}$/.test(retryAfter)) return Math.min(Number(retryAfter) * second, longestAskedMs);
  const pause = Date.parse(retryAfter) - Date.parse(date ?? '');
  return Number.isNaN(pause) ? 0 : Math.min(Math.max(pause, 0), longestAskedMs);
}
