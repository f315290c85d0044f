/**
 * When an endpoint counts as down: five failures running, or ten of the last twenty attempts. It is then left alone for
 * 5 s, and after each probe that fails for twice as long, at most five minutes (security-reliability §3.3). A refusal
 * in the protocol's own words is an answer: the endpoint is up, whatever it thinks of the message.
 */
export type AttemptClass = 'acknowledged' | 'refused' | 'failed';

const straightFailures = 5;
const remembered = 20;
const failuresOfRemembered = 10;

const firstPauseMs = 5_000;
const longestPauseMs = 300_000;

/** The newest last; true for a failure. At most twenty. */
export type RecentFailures = readonly boolean[];

export function remember(recent: RecentFailures, attempt: AttemptClass): RecentFailures {
  return [...recent.slice(1 - remembered), attempt === 'failed'];
}

export function isDown(recent: RecentFailures): boolean {
  const failures = recent.filter((isFailure) => isFailure).length;
  const straight = recent.length - 1 - recent.lastIndexOf(false);
  return (
    straight >= straightFailures ||
    (recent.length === remembered && failures >= failuresOfRemembered)
  );
}

/** After the pause before, undefined for the first; never less than the endpoint itself asked for. */
export function nextPauseMs(pauseBefore: number | undefined, askedMs: number): number {
  const own = pauseBefore === undefined ? firstPauseMs : Math.min(pauseBefore * 2, longestPauseMs);
  return Math.max(own, askedMs);
}

const firstRoom = 8;
const largestRoom = 64;

/**
 * How many deliveries of one recipient may be under way at once. It grows by one with each acknowledgement and halves
 * with each failure, so that an endpoint gets what it can take, a dead one holds few places, and one that has recovered
 * is not met by its whole backlog: after a probe it starts from one.
 */
export function roomAfter(room: number, attempt: AttemptClass): number {
  if (attempt === 'failed') return Math.max(1, room >> 1);
  return Math.min(largestRoom, room + 1);
}

export const rooms = { first: firstRoom, afterProbe: 1, largest: largestRoom } as const;

export function classOf(isAccepted: boolean, outcome: string): AttemptClass {
  if (isAccepted) return 'acknowledged';
  return outcome.startsWith('refused-') ? 'refused' : 'failed';
}
