/** A day is ready when it is over, every PSP is compared for good, and nothing waits. */
import type { BusinessDay } from '../kernel/business-day';
import { dayState, dayStates } from './day-state.rules';

const day = (text: string) => text as BusinessDay;
const done = { hasStatement: true, isCurrent: true, isProvisional: false };
const facts = {
  today: day('2026-11-25'),
  lastClosed: day('2026-11-22'),
  psps: [done],
  holdingCount: 0,
};

it.each([
  ['2026-11-22', {}, 'closed'],
  ['2026-11-21', { holdingCount: 1 }, 'closed'],
  ['2026-11-24', {}, 'ready'],
  ['2026-11-24', { lastClosed: null }, 'ready'],
  ['2026-11-24', { holdingCount: 1 }, 'open'],
  ['2026-11-24', { psps: [done, { ...done, hasStatement: false }] }, 'open'],
  ['2026-11-24', { psps: [{ ...done, isCurrent: false }] }, 'open'],
  ['2026-11-24', { psps: [{ ...done, isProvisional: true }] }, 'open'],
  ['2026-11-25', {}, 'open'],
])('%s with %j is %s', (text, more, state) => {
  expect(dayStates).toContain(state);
  expect(dayState(day(text), { ...facts, ...more })).toBe(state);
});
