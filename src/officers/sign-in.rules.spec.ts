/** Signing in as arithmetic, with the neighbours of every limit. */
import {
  isOfficerName,
  isSessionOver,
  nextStep,
  passwordFault,
  pauseSecondsAfter,
} from './sign-in.rules';

it.each([
  ['asha', true],
  ['asha.m', true],
  ['a-2', true],
  ['as', false],
  ['Asha', false],
  ['2asha', false],
  ['asha m', false],
  ['a'.repeat(40), true],
  ['a'.repeat(41), false],
])('%s as a user name: %s', (name, isOne) => {
  expect(isOfficerName(name)).toBe(isOne);
});

it.each([
  ['abcdefghijk', 'short'],
  ['abcdefghijkl', undefined],
  ['abcdef'.repeat(21) + 'gh', undefined],
  ['abcdef'.repeat(21) + 'ghi', 'long'],
  ['aaaaaaaaaaaaaa', 'plain'],
  ['abcdeabcdeabcde', 'plain'],
  ['my-ASHA-password', 'plain'],
])('%s as a password of asha: %s', (password, fault) => {
  expect(passwordFault(password, 'asha')).toBe(fault);
});

it.each([
  [0, 0],
  [4, 0],
  [5, 60],
  [6, 120],
  [10, 1_920],
  [11, 3_600],
  [1_000, 3_600],
])('after %d failures nobody tries for %d seconds', (failures, seconds) => {
  expect(pauseSecondsAfter(failures)).toBe(seconds);
});

const start = new Date('2026-11-24T08:00:00Z');
const later = (seconds: number) => new Date(start.getTime() + seconds * 1_000);

it.each([
  ['used a moment ago', 0, 899, false],
  ['idle for 15 minutes', 0, 900, true],
  ['used again in time', 800, 1_699, false],
  ['a second under eight hours', 28_700, 28_799, false],
  ['eight hours old', 28_700, 28_800, true],
])('a session %s', (_case, lastSeen, at, isOver) => {
  const session = { createdAt: start, lastSeenAt: later(lastSeen), endedAt: null };
  expect(isSessionOver(session, later(at))).toBe(isOver);
});

it('an ended session is over at once', () => {
  expect(isSessionOver({ createdAt: start, lastSeenAt: start, endedAt: start }, start)).toBe(true);
});

it.each([
  [true, false, false, true, 'set-up-code'],
  [true, true, false, true, 'give-code'],
  [true, true, true, true, 'change-password'],
  [true, true, true, false, 'open'],
  [false, true, false, false, 'give-code'],
  [false, false, false, true, 'change-password'],
  [false, false, false, false, 'open'],
] as const)(
  'needs a code %s, has one %s, gave it %s, must change the password %s: %s',
  (needsCode, hasCode, hasGivenCode, mustChangePassword, step) => {
    expect(nextStep({ needsCode, hasCode, hasGivenCode, mustChangePassword })).toBe(step);
  },
);
