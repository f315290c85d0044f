/** Cells as people, spreadsheets and programs read them. */
import fc from 'fast-check';
import { instantFromIso } from '../kernel/clock';
import { parsePlainAmount } from '../kernel/money';
import { type Cell, type ColumnKind, plainCell, safeText, writtenCell } from './cell-text.rules';

const at = instantFromIso('2026-11-24T21:30:00Z');

it.each<[Cell, ColumnKind, string, string]>([
  [null, 'money', '', ''],
  ['Hospitali', 'text', 'Hospitali', 'Hospitali'],
  ['2026-11-24', 'day', '2026-11-24', '24/11/2026'],
  ['2026-11-24', 'text', '2026-11-24', '2026-11-24'],
  [at, 'instant', '2026-11-25T00:30:00+03:00', '25/11/2026 00:30:00'],
  [0n, 'money', '0.00', '0.00'],
  [5n, 'money', '0.05', '0.05'],
  [99999n, 'money', '999.99', '999.99'],
  [100000n, 'money', '1000.00', '1,000.00'],
  [-123456789n, 'money', '-1234567.89', '-1,234,567.89'],
  [1234567n, 'count', '1234567', '1,234,567'],
  [9876n, 'percent', '98.76', '98.76%'],
  [10000n, 'percent', '100.00', '100.00%'],
])('%s as %s is "%s" in a file and "%s" on paper', (cell, kind, plain, written) => {
  expect(plainCell(cell, kind)).toBe(plain);
  expect(writtenCell(cell, kind)).toBe(written);
});

it.each([
  '=HYPERLINK("http://x")',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  ' =1',
  '\u00a0=1',
  '＝1',
  '＋1',
  '－1',
  '＠x',
])('%j begins with a quote in a spreadsheet', (text) => {
  expect(safeText(text)).toBe(`'${text}`);
});

it.each(['', 'Neema', '1=1', 'a-b', '255700000001', "'=1"])('%j stays as it is', (text) => {
  expect(safeText(text)).toBe(text);
});

it('what is written of any amount is that amount', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 17n - 1n), (minor) => {
      expect(parsePlainAmount(plainCell(minor, 'money'))).toBe(minor);
      expect(parsePlainAmount(writtenCell(minor, 'money').replaceAll(',', ''))).toBe(minor);
      expect(writtenCell(-minor - 1n, 'money')).toBe(`-${writtenCell(minor + 1n, 'money')}`);
    }),
  );
});
