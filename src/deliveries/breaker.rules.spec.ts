/** When an endpoint counts as down, how long it is left alone, and how fast it is filled again. */
import {
  type AttemptClass,
  classOf,
  isDown,
  nextPauseMs,
  type RecentFailures,
  remember,
  roomAfter,
} from './breaker.rules';

/** `F` failed, `A` acknowledged, `R` refused. */
function after(history: string): RecentFailures {
  const classes: Record<string, AttemptClass> = { F: 'failed', A: 'acknowledged', R: 'refused' };
  return Array.from(history).reduce<RecentFailures>(
    (recent, letter) => remember(recent, classes[letter] ?? 'failed'),
    [],
  );
}

it.each([
  ['', false],
  ['FFFF', false],
  ['FFFFF', true],
  ['FFFFAF', false],
  ['AFFFFF', true],
  ['FFFFRFFFF', false],
  ['RRRRRRRRRRRRRRRRRRRRRRR', false],
  ['FAFAFAFAFAFAFAFAFAF', false],
  ['FAFAFAFAFAFAFAFAFAFA', true],
  ['FAFAFAFAFAFAFAFAFAFAA', false],
  ['FFFFAFFFFAFFFFAFFFFA', true],
])('after %p, down is %p', (history, expected) => {
  expect(isDown(after(history))).toBe(expected);
});

it('forgets all but the last twenty', () => {
  expect(after('F'.repeat(50))).toHaveLength(20);
});

it.each([
  [undefined, 0, 5_000],
  [5_000, 0, 10_000],
  [160_000, 0, 300_000],
  [300_000, 0, 300_000],
  [undefined, 60_000, 60_000],
  [600_000, 0, 300_000],
])('after a pause of %p, asked for %p, the next is %p ms', (before, asked, expected) => {
  expect(nextPauseMs(before, asked)).toBe(expected);
});

it('gives room by one and takes half', () => {
  expect(roomAfter(1, 'acknowledged')).toBe(2);
  expect(roomAfter(2, 'refused')).toBe(3);
  expect(roomAfter(64, 'acknowledged')).toBe(64);
  expect(roomAfter(8, 'failed')).toBe(4);
  expect(roomAfter(1, 'failed')).toBe(1);
});

it.each([
  [true, 'acknowledged', 'acknowledged'],
  [false, 'refused-7102', 'refused'],
  [false, 'http-503', 'failed'],
  [false, 'timed-out', 'failed'],
] as const)('%p with %s is %s', (isAccepted, outcome, expected) => {
  expect(classOf(isAccepted, outcome)).toBe(expected);
});
