/** Lines of a list of numbers from another gateway: what is read, and where each fault stands. */
import {
  checkImportHeader,
  overlaps,
  readImportLine,
  spanFault,
  spanOfPrefix,
} from './number-import.rules';

const now = new Date('2026-11-24T08:00:00Z');
const terms = {
  systemIds: new Set<string>(),
  subSpCodes: new Set(['1001']),
  gfsCodes: new Set<string>(),
  isBulk: false,
  allowsLimited: false,
};
const cells = {
  control_number: '995340000001',
  bill_id: 'B-1',
  amount: '1000.00',
  currency: 'TZS',
  payment_option: '3',
  expires_at: '2027-06-30T23:59:59',
  generated_at: '2026-10-01T08:00:00',
  payer_name: 'Neema Mollel',
  payer_phone: '255700000001',
  description: 'Ada',
  sub_sp_code: '1001',
  gfs_code: '142202',
};

const faultsOf = (change: Readonly<Record<string, string>>) => {
  const read = readImportLine({ line: 7, cells: { ...cells, ...change } }, terms, now);
  return 'number' in read ? [] : read.map((fault) => [fault.line, fault.column]);
};

it('reads a number with its open bill, and a number alone', () => {
  expect(readImportLine({ line: 2, cells }, terms, now)).toMatchObject({
    number: '995340000001',
    bill: { checked: { billId: 'B-1', amountMinor: 100_000n, option: 'exact' } },
  });
  expect(
    readImportLine({ line: 3, cells: { control_number: ' 995340000002 ' } }, terms, now),
  ).toEqual({ line: 3, number: '995340000002' });
  expect(faultsOf({ paid_amount: '0.00' })).toEqual([]);
});

it.each([
  ['control_number', { control_number: '12345' }],
  ['paid_amount', { paid_amount: '1.00' }],
  ['expires_at', { expires_at: '2026-01-01T00:00:00' }],
  ['sub_sp_code', { sub_sp_code: '9999' }],
  ['bill_id', { bill_id: 'B-\u00f1' }],
  ['currency', { currency: 'KES' }],
])('names the line and %s', (column, change) => {
  expect(faultsOf(change)).toContainEqual([7, column]);
});

it('knows its columns', () => {
  expect(checkImportHeader(['control_number', 'amount'])).toEqual([]);
  expect(checkImportHeader(['number'])).toMatchObject([
    { column: 'number' },
    { column: 'control_number' },
  ]);
});

it.each([
  [{ first: '995340000000', last: '995349999999' }, true],
  [{ first: '995340000000', last: '995340000000' }, true],
  [{ first: '995349999999', last: '995340000000' }, false],
  [{ first: '99534', last: '995349999999' }, false],
])('%j is a range: %s', (span, isOne) => {
  expect(spanFault(span) === undefined).toBe(isOne);
});

it.each([
  ['534', '995340000000', '995340000000', true],
  ['534', '995349999999', '995350000000', true],
  ['534', '995350000000', '995359999999', false],
  ['5', '995340000000', '995340000000', true],
])('prefix %s overlaps %s to %s: %s', (prefix, first, last, isOne) => {
  expect(overlaps(spanOfPrefix(prefix), { first, last })).toBe(isOne);
});
