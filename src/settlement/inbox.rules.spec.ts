/** What the names of the watched folder say. */
import {
  dayOfName,
  isAccountFolder,
  isPspFolder,
  nameKind,
  reportText,
  safeName,
} from './inbox.rules';

it.each([
  ['day.csv', 'file'],
  ['Taarifa 24-11 (2).CSV', 'file'],
  ['.day.csv', 'unfinished'],
  ['day.csv.part', 'unfinished'],
  ['day.csv~', 'unfinished'],
  ['day.TMP', 'unfinished'],
  ['-rf', 'odd'],
  ['a\nb.csv', 'odd'],
  ['$(x).csv', 'odd'],
  ['a\u202eb.csv', 'odd'],
  ['x'.repeat(151), 'odd'],
])('%j is %s', (name, kind) => {
  expect(nameKind(name)).toBe(kind);
});

it.each([
  ['day-2026-11-24.csv', '2026-11-24'],
  ['PSP010_20261124_1.csv', '2026-11-24'],
  ['2026_11_24.csv', '2026-11-24'],
  ['20261124-2026-11-24.csv', '2026-11-24'],
  ['20261124-20261125.csv', undefined],
  ['20261340.csv', undefined],
  ['2026-1124.csv', undefined],
  ['day.csv', undefined],
  ['120261124.csv', undefined],
])('%s is of %s', (name, day) => {
  expect(dayOfName(name)).toBe(day);
});

it('knows folders, and keeps no odd name', () => {
  expect(['PSP010', 'psp010', 'PSP', '..', 'PSP010/x'].map(isPspFolder)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(['0150123456', '..', ''].map(isAccountFolder)).toEqual([true, false, false]);
  expect(safeName('../a\nb')).toBe('a_b');
  expect(safeName('$$')).toBe('file');
});

it('writes a report with every line', () => {
  const faults = [
    { line: 7, field: 'amount', reason: 'wanted an amount' },
    { line: 0, field: '', reason: 'the file is empty' },
  ];
  expect(reportText('day.csv', { isTaken: false, said: 'Nothing was imported.', faults })).toBe(
    'file: day.csv\nNothing was imported.\nline 7, amount: wanted an amount\nthe file is empty\n',
  );
});
