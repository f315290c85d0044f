/** How many may be under way: what a late loop takes away, what a loop on time gives back, and where both end. */
import { leastRoom, mostRoom, nextRoom } from './room.rules';

function after(room: number, delays: readonly number[]): number {
  return delays.reduce(nextRoom, room);
}

it.each([
  ['on time, it grows by eight a look', 100, [0], 108],
  ['a delay of 80 ms is no delay', 200, [80], 208],
  ['more than that takes a fifth', 1_000, [81], 800],
  ['whatever the delay is', 1_000, [2_000], 800],
  ['it never grows beyond the most', mostRoom, [0], mostRoom],
  ['nor shrinks below the least', leastRoom, [500], leastRoom],
  [
    'a loop that stays late has the least within a second',
    mostRoom,
    Array<number>(10).fill(100),
    leastRoom,
  ],
  ['and all of it 2.2 s after', leastRoom, Array<number>(112).fill(0), mostRoom],
])('%s', (_what, room, delays, expected) => {
  expect(after(room, delays)).toBe(expected);
});
