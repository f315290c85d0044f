/** When a delivery is tried again, and when no more (rulings.md §5): the schedule as a list, ±20 % jitter, seven days. */
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Pauses after the first, second … failed attempt; then hourly to 24 h, then six-hourly to seven days. */
const firstPauses = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, hour];
const hourlyCount = 22;
const sixHourlyCount = 24;

/**
 * Milliseconds until the next attempt, after `attemptsMade` (1 or more) failed ones; undefined when the last is made.
 * `random` in [0, 1) spreads the moment by ±20 %, so that a recovered endpoint is not met by everything at once.
 */
export function nextAttemptDelayMs(attemptsMade: number, random: number): number | undefined {
  const index = attemptsMade - 1;
  const pause =
    firstPauses[index] ??
    (index < firstPauses.length + hourlyCount
      ? hour
      : index < firstPauses.length + hourlyCount + sixHourlyCount
        ? 6 * hour
        : undefined);
  return pause === undefined ? undefined : Math.round(pause * (0.8 + 0.4 * random));
}
