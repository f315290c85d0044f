/** Every PSP and bank has its own columns, signs and dates; a mapping says which, and a wrong one is refused. */
import {
  cellOf,
  mappedHeader,
  plainMapping,
  plainNumber,
  plainTime,
  readMapping,
} from './csv-mapping.rules';

const layout = ['transaction_id', 'amount', 'currency', 'paid_at'];

it('reads a mapping, and none', () => {
  const mapping = readMapping(
    {
      columns: { amount: ' Kiasi ' },
      delimiter: ';',
      decimalComma: true,
      dateFormat: 'dd/MM/yyyy HH:mm',
      currency: 'TZS',
      skipLines: 3,
    },
    layout,
  );
  expect(mapping.columns.get('amount')).toBe('kiasi');
  expect(mappedHeader(mapping, ['kiasi', 'paid_at'], layout)).toEqual([
    'amount',
    'paid_at',
    'currency',
  ]);
  expect(cellOf(mapping, { kiasi: ' 1.500,50 ' }, 'amount')).toBe('1.500,50');
  expect(cellOf(mapping, {}, 'currency')).toBe('TZS');
  expect(readMapping(null, layout)).toBe(plainMapping);
});

it.each<[object, RegExp]>([
  [{ colums: {} }, /statementMapping\/colums: not a known name/],
  [{ columns: { amout: 'x' } }, /columns\/amout: wanted one of transaction_id/],
  [{ columns: { amount: 1 } }, /a text/],
  [{ columns: 7 }, /an object/],
  [{ columns: ['amount'] }, /an object/],
  [{ columns: { amount: ' ' } }, /a text/],
  [{ delimiter: 'x' }, /delimiter/],
  [{ decimalComma: 'yes' }, /true or false/],
  [{ dateFormat: 'whatever' }, /a form like/],
  [{ dateFormat: 'MM/yyyy' }, /a form like/],
  [{ currency: 'shillings' }, /a currency like TZS/],
  [{ skipLines: -1 }, /skipLines/],
  [{ charset: 'utf-7' }, /charset/],
])('refuses %j', (given, reason) => {
  expect(() => readMapping(given, layout)).toThrow('statement.mapping-bad');
  expect(() => readMapping(given, layout)).toThrow(reason);
});

it.each<[boolean, string, string]>([
  [false, '1,500.50', '1500.50'],
  [false, '1500', '1500'],
  [false, '1,50', '1,50'],
  [false, '-1 500', '-1500'],
  [true, '1.500,50', '1500.50'],
  [true, '1500,5', '1500.5'],
  [true, '1,500.50', '1,500.50'],
  [true, '12,', '12'],
])('decimal comma %s: %s is %s', (decimalComma, text, plain) => {
  expect(plainNumber({ ...plainMapping, decimalComma }, text)).toBe(plain);
});

it.each<[string | undefined, string, string]>([
  [undefined, '2026-11-24T10:00:00', '2026-11-24T10:00:00'],
  ['dd/MM/yyyy HH:mm:ss', '24/11/2026 10:01:02', '2026-11-24T10:01:02'],
  ['dd.MM.yy', '24.11.26', '2026-11-24'],
  ['dd-MMM-yyyy', '24-NOV-2026', '2026-11-24'],
  ['dd-MMM-yyyy', '24-Dez-2026', '24-Dez-2026'],
  ['yyyyMMddHHmm', '202611241001', '2026-11-24T10:01:00'],
  ['dd/MM/yyyy', '2026-11-24', '2026-11-24'],
])('form %s: %s is %s', (dateFormat, text, plain) => {
  expect(plainTime({ ...plainMapping, dateFormat }, text)).toBe(plain);
});
