/** Which days are due to be reconciled, to the minute of the cut-off. */
import { parseBusinessDay } from '../kernel/business-day';
import { instantFromIso } from '../kernel/clock';
import { DayCutoff } from './due-days.rules';

const halfPast = new DayCutoff(30);

describe('a day is due', () => {
  // 21:30Z is 00:30 in East Africa Time.
  it.each([
    ['2026-11-24T21:29:59.999Z', 30, '2026-11-23'],
    ['2026-11-24T21:30:00.000Z', 30, '2026-11-24'],
    ['2026-11-25T12:00:00.000Z', 30, '2026-11-24'],
    ['2026-11-24T20:59:59.999Z', 0, '2026-11-23'],
    ['2026-11-24T21:00:00.000Z', 0, '2026-11-24'],
    ['2026-11-25T20:58:59.999Z', 1439, '2026-11-23'],
    ['2026-11-25T20:59:00.000Z', 1439, '2026-11-24'],
  ])('at %s with a cut-off of %i minutes: up to %s', (now, minutes, day) => {
    expect(new DayCutoff(minutes).dueDays(instantFromIso(now)).at(-1)).toBe(day);
  });

  it('for a week, the oldest first', () => {
    expect(halfPast.dueDays(instantFromIso('2026-03-03T12:00:00Z'))).toEqual([
      '2026-02-24',
      '2026-02-25',
      '2026-02-26',
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
    ]);
  });

  it('from the instant that runStartsAt names', () => {
    const day = parseBusinessDay('2026-11-24');
    expect(halfPast.runStartsAt(day)).toEqual(instantFromIso('2026-11-24T21:30:00Z'));
  });
});
