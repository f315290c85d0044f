/** Lines of a PSP's day statement: what is read, and what is refused with its place. */
import { requiredColumns } from '../parties/statement-mapping.rules';
import { checkHeader, readLine } from './statement.rules';

const cells = {
  transaction_id: 'T-1',
  control_number: '997010000000',
  amount: '1500.50',
  currency: 'TZS',
  paid_at: '2026-11-24T10:00:00',
};

it('reads a line exactly', () => {
  expect(readLine({ line: 2, cells })).toEqual({
    line: 2,
    transactionId: 'T-1',
    controlNumber: '997010000000',
    amountMinor: 150_050n,
    currency: 'TZS',
    receiptNumber: '',
    paidAt: new Date('2026-11-24T07:00:00Z'),
  });
});

it.each([
  ['transaction_id', ''],
  ['control_number', '99A'],
  ['amount', '1,500'],
  ['amount', '0'],
  ['amount', '-5'],
  ['currency', 'KES'],
  ['paid_at', '24/11/2026'],
])('names line and column of a bad %s: "%s"', (column, text) => {
  expect(readLine({ line: 7, cells: { ...cells, [column]: text } })).toMatchObject([
    { line: 7, column },
  ]);
});

it('names every column that the header lacks', () => {
  expect(checkHeader(['amount', 'currency']).map((fault) => fault.column)).toEqual([
    'transaction_id',
    'control_number',
    'paid_at',
  ]);
  expect(checkHeader(requiredColumns)).toEqual([]);
});
