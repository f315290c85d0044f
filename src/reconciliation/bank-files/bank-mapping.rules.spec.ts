/** The mapping of a bank's CSV is judged when it is set, against itself too. */
import { amountFormOf, readBankMapping } from './bank-mapping.rules';

it('reads a mapping, with words of its own or those that are usual', () => {
  const mapping = readBankMapping({
    columns: { booking_date: 'Tarehe', amount: 'Kiasi', indicator: 'Aina' },
    debitWords: ['Kutoka'],
    decimalComma: true,
  });
  expect(mapping.columns.get('booking_date')).toBe('tarehe');
  expect(mapping).toMatchObject({ decimalComma: true, debitWords: ['kutoka'] });
  expect(mapping.creditWords).toContain('cr');
});

it.each<[unknown, RegExp]>([
  [null, /wanted an object/],
  [[], /wanted an object/],
  [{ columns: { betrag: 'x' } }, /mapping\/columns\/betrag: wanted one of booking_date/],
  [{ columns: { amount: 'a', debit: 'b', credit: 'c' } }, /either amount, or debit and credit/],
  [{ columns: { debit: 'b' } }, /debit and credit go together/],
  [{ columns: { debit: 'b', credit: 'c', indicator: 'd' } }, /an indicator belongs to an amount/],
  [{ creditWords: 'C' }, /creditWords: a list of words/],
  [{ creditWords: [''] }, /creditWords: a list of words/],
  [{ creditWords: ['x'], debitWords: ['X'] }, /"x" cannot mean both/],
])('refuses %j', (given, reason) => {
  expect(() => readBankMapping(given)).toThrow('statement.mapping-bad');
  expect(() => readBankMapping(given)).toThrow(reason);
});

it.each<[readonly string[], object]>([
  [['booking_date', 'currency', 'amount'], { form: 'signed' }],
  [['booking_date', 'currency', 'amount', 'indicator'], { form: 'indicator' }],
  [['booking_date', 'currency', 'debit', 'credit'], { form: 'columns' }],
  [['booking_date', 'amount'], { lacks: 'currency' }],
  [['amount', 'currency'], { lacks: 'booking_date' }],
  [['booking_date', 'currency', 'debit'], { lacks: 'amount' }],
])('of the columns %j', (columns, form) => {
  expect(amountFormOf(columns)).toMatchObject(form);
});
