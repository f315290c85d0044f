/**
 * How many requests may be under way at once. About as many as one core answers in a second while the event loop is on
 * time; a loop that is late has more to read than it can, and each look that finds it so takes a part away, so that what
 * cannot be done is refused at once and not after its turn came. One long pause (the start, a compilation, a large file)
 * is one look and turns nobody away. Additive increase, multiplicative decrease, as in TCP. Rules: security-reliability
 * §3.4.
 */
export const mostRoom = 1_024;
/** A whole batch and one that waits: less would leave the database idle. */
export const leastRoom = 128;
/** Refusals have 100 ms, and wait for half a turn of the loop on average before they are read. */
const lateMs = 80;
const kept = 0.8;
/** A look is 20 ms: from the least to the most in 2.2 s. */
const added = 8;

/** `delayMs` is how late the loop was at this look. */
export function nextRoom(room: number, delayMs: number): number {
  return delayMs > lateMs ? Math.max(leastRoom, room * kept) : Math.min(mostRoom, room + added);
}
