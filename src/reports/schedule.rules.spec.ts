/** When scheduled reports fall due, and what they are about. */
import fc from 'fast-check';
import { refusalOf } from '../../test/support/refusal';
import { instantFromIso, instantFromMs } from '../kernel/clock';
import {
  frequencies,
  lastDue,
  pauseAfter,
  readRecipients,
  readScheduleName,
  readTimeOfDay,
} from './schedule.rules';

// 2026-11-23 is a Monday; 07:00 in East Africa is 04:00 UTC.
it.each([
  ['daily', '2026-11-24T04:00:00Z', '2026-11-24', '2026-11-23', '2026-11-23'],
  ['daily', '2026-11-24T03:59:59Z', '2026-11-23', '2026-11-22', '2026-11-22'],
  ['weekly', '2026-11-23T04:00:00Z', '2026-11-23', '2026-11-16', '2026-11-22'],
  ['weekly', '2026-11-23T03:59:59Z', '2026-11-16', '2026-11-09', '2026-11-15'],
  ['weekly', '2026-11-29T20:00:00Z', '2026-11-23', '2026-11-16', '2026-11-22'],
  ['monthly', '2026-11-24T04:00:00Z', '2026-11-01', '2026-10-01', '2026-10-31'],
  ['monthly', '2027-01-01T04:00:00Z', '2027-01-01', '2026-12-01', '2026-12-31'],
  ['monthly', '2028-03-01T04:00:00Z', '2028-03-01', '2028-02-01', '2028-02-29'],
] as const)('%s at 07:00, seen at %s: due on %s, of %s to %s', (frequency, at, due, from, to) => {
  expect(lastDue(frequency, 420, instantFromIso(at))).toMatchObject({ dueDay: due, from, to });
});

it('is never due in the future, and the days it is about are over', () => {
  const start = Date.parse('2026-01-01T00:00:00Z');
  fc.assert(
    fc.property(
      fc.constantFrom(...frequencies),
      fc.integer({ min: 0, max: 1439 }),
      fc.nat(500 * 86_400),
      (frequency, minute, seconds) => {
        const now = instantFromMs(start + seconds * 1_000);
        const due = lastDue(frequency, minute, now);
        expect(due.dueAtMs).toBeLessThanOrEqual(now.getTime());
        expect(due.from <= due.to && due.to < due.dueDay).toBe(true);
      },
    ),
  );
});

it('is tried again at longer and longer pauses, and then no more', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8].map(pauseAfter)).toEqual([1, 5, 15, 30, 60, 120, 240, undefined]);
});

it.each([
  ['00:00', 0],
  ['23:59', 1439],
])('%s is minute %i', (text, minute) => {
  expect(readTimeOfDay(text)).toBe(minute);
});

it.each<[() => unknown, string]>([
  [() => readTimeOfDay('24:00'), 'schedule.time-malformed'],
  [() => readTimeOfDay('7:00'), 'schedule.time-malformed'],
  [() => readRecipients([]), 'schedule.recipients-malformed'],
  [() => readRecipients(['a@b.example', 'x']), 'schedule.recipients-malformed'],
  [() => readRecipients(['a@b.example\r\nBcc: c@d.example']), 'schedule.recipients-malformed'],
  [() => readRecipients(['A <a@b.example>']), 'schedule.recipients-malformed'],
  [() => readRecipients(['a@b.example,c@d.example']), 'schedule.recipients-malformed'],
  [() => readScheduleName('Every day'), 'schedule.name-malformed'],
])('refuses what is none: %#', (work, code) => {
  expect(refusalOf(work).code).toBe(code);
});

it('takes each recipient once', () => {
  expect(readRecipients(['a@b.example', 'a@b.example'])).toEqual(['a@b.example']);
});
