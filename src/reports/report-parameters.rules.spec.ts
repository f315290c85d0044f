/** What a report is asked for: typed, checked, and nothing that it does not know. */
import { parseBusinessDay } from '../kernel/business-day';
import { refusalOf } from '../../test/support/refusal';
import { type ParameterRules, readParameters } from './report-parameters.rules';

const today = parseBusinessDay('2026-11-24');
const rules: ParameterRules = {
  takes: ['by', 'period', 'sp', 'currency'],
  isOfOneDay: false,
  longestDays: 31,
};
const read = (raw: Record<string, string>, more: Partial<ParameterRules> = {}) =>
  readParameters({ ...rules, ...more }, raw, today);

it('is of today, of everything and everybody, unless it says otherwise', () => {
  expect(read({})).toEqual({
    from: today,
    to: today,
    by: 'sp',
    period: 'whole',
    sp: null,
    psp: null,
    gfs: null,
    channel: null,
    currency: null,
  });
});

it('takes days, a month, words and codes', () => {
  expect(read({ from: '2026-11-01', to: '2026-11-10', by: 'gfs', currency: 'USD' })).toMatchObject({
    from: '2026-11-01',
    to: '2026-11-10',
    by: 'gfs',
    currency: 'USD',
  });
  expect(read({ span: '2026-10' })).toMatchObject({ from: '2026-10-01', to: '2026-10-31' });
  expect(read({ to: '2026-10-07' })).toMatchObject({ from: '2026-10-07', to: '2026-10-07' });
});

it('is of the last day alone where it says how things stand', () => {
  expect(read({ span: '2026-10' }, { isOfOneDay: true })).toMatchObject({
    from: '2026-10-31',
    to: '2026-10-31',
  });
});

it.each<[Record<string, string>, string, string]>([
  [{ by: 'bank' }, 'report.parameter-refused', 'by'],
  [{ period: 'week' }, 'report.parameter-refused', 'period'],
  [{ psp: 'PSP701' }, 'report.parameter-refused', 'psp: this report takes'],
  [{ currancy: 'TZS' }, 'report.parameter-refused', 'currancy'],
  [{ currency: 'KES' }, 'report.parameter-refused', 'TZS, USD'],
  [{ sp: 'SP 1' }, 'report.parameter-refused', 'sp'],
  [{ sp: 'SP1:140206' }, 'report.parameter-refused', 'sp'],
  [{ sp: '' }, 'report.parameter-refused', 'sp'],
  [{ from: '2026-11-02', to: '2026-11-01' }, 'report.parameter-refused', 'after the last'],
  [{ from: '2026-11-02', span: '2026-11' }, 'report.parameter-refused', 'span'],
  [{ from: '2026-10-01', to: '2026-11-01' }, 'report.period-too-long', '31 days'],
  [{ from: 'jana' }, 'day.malformed', 'jana'],
  [{ span: 'jana' }, 'report.period-malformed', 'jana'],
])('%j is refused with %s', (raw, code, words) => {
  expect(refusalOf(() => read(raw))).toMatchObject({
    code,
    detail: expect.stringContaining(words),
  });
});

it('takes the longest period and not a day more', () => {
  expect(read({ from: '2026-10-25', to: '2026-11-24' })).toBeDefined();
  expect(refusalOf(() => read({ from: '2026-10-24', to: '2026-11-24' }))).toMatchObject({
    code: 'report.period-too-long',
  });
});
