/** The conditions of a close, each met and not met. */
import type { BusinessDay } from '../kernel/business-day';
import { checkDay, checkNames, type DayFacts } from './day-check.rules';
import { missingSentence } from './missing-words';

const day = '2026-11-24' as BusinessDay;
const sound = { isBalanced: true, brokenBlocks: [] };
const psp = {
  code: 'PSP701',
  hasStatement: true,
  hasRun: true,
  isProvisional: false,
  isCurrent: true,
};
const facts: DayFacts = {
  today: '2026-11-25' as BusinessDay,
  lastClosed: '2026-11-23' as BusinessDay,
  firstOpen: day,
  psps: [psp],
  open: [],
};

it('a day that everything is met of may be closed; so may the first of all, and an empty one', () => {
  for (const each of [
    facts,
    { ...facts, lastClosed: null },
    { ...facts, firstOpen: null, psps: [] },
  ]) {
    const checks = checkDay(day, each, sound);
    expect(checks.map(({ name }) => name)).toEqual(checkNames);
    expect(checks.filter(({ isMet }) => !isMet)).toEqual([]);
    expect(checks.filter(({ repair }) => repair !== '')).toEqual([]);
  }
});

it.each<[string, Partial<DayFacts>, Partial<typeof sound>, string]>([
  ['day-over', { today: day }, {}, 'midnight'],
  ['not-closed', { lastClosed: day }, {}, 'closed up to and including 2026-11-24'],
  ['not-closed', { lastClosed: '2026-12-01' as BusinessDay }, {}, '2026-12-01'],
  ['previous-closed', { firstOpen: '2026-11-20' as BusinessDay }, {}, '2026-11-20 is not closed'],
  ['psps-reconciled', { psps: [psp, { ...psp, hasStatement: false }] }, {}, 'no statement'],
  ['psps-reconciled', { psps: [{ ...psp, hasRun: false }] }, {}, 'not reconciled'],
  ['psps-reconciled', { psps: [{ ...psp, isCurrent: false }] }, {}, 'changed since'],
  ['psps-reconciled', { psps: [{ ...psp, isProvisional: true }] }, {}, 'before the day was over'],
  ['discrepancies-settled', { open: [{ kind: 'missing-here', count: 3 }] }, {}, '3 missing-here'],
  ['books-balanced', {}, { isBalanced: false }, 'debits'],
  ['chain-verified', {}, { brokenBlocks: ['block 7'] as never[] }, 'block 7'],
])('%s', (name, more, books, missing) => {
  const unmet = checkDay(day, { ...facts, ...more }, { ...sound, ...books }).filter(
    ({ isMet }) => !isMet,
  );
  expect(unmet.map((check) => check.name)).toEqual([name]);
  expect(unmet[0]?.missing.map(missingSentence).join()).toContain(missing);
  expect(unmet[0]?.repair).not.toBe('');
});
