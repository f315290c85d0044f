/** Fields of a payment notification: strict money, strict ids, and old money that is only flagged. */
import { dammDigit } from '../bills/control-number.rules';
import { parseBusinessDay } from '../kernel/business-day';
import { isTransactionId, readPayment, receiptNumberFor } from './payment.rules';

const now = new Date('2026-11-24T08:00:00Z');
const raw = {
  transactionId: 'T-1',
  controlNumber: '997010000000',
  amount: '1500.50',
  currency: 'TZS',
  paidAt: '2026-11-24T10:59:00',
};

it('reads amount and time exactly', () => {
  expect(readPayment(raw, now)).toEqual({
    ok: true,
    amountMinor: 150_050n,
    currency: 'TZS',
    paidAt: new Date('2026-11-24T07:59:00Z'),
    flags: [],
  });
});

it.each([
  '1e3',
  '-1',
  '1,000',
  '1000.001',
  '+5',
  '0',
  '0.00',
  '',
  ' 5',
  '０',
  '0x10',
  '007',
  'NaN',
])('refuses the amount "%s"', (amount) => {
  expect(readPayment({ ...raw, amount }, now)).toEqual({
    ok: false,
    fault: 'payment.amount-malformed',
  });
});

it.each([
  [
    'payment.transaction-id-malformed',
    { transactionId: '', amount: 'x', currency: 'x', paidAt: 'x' },
  ],
  ['payment.amount-malformed', { amount: 'x', currency: 'x', paidAt: 'x' }],
  ['payment.currency-unknown', { currency: 'tzs', paidAt: 'x' }],
  ['payment.date-malformed', { paidAt: '2026-02-30T10:00:00' }],
  ['payment.date-malformed', { paidAt: '2026-11-25T11:00:01' }],
])('says %s first', (fault, change) => {
  expect(readPayment({ ...raw, ...change }, now)).toEqual({ ok: false, fault });
});

it.each([
  ['2026-11-25T11:00:00', []],
  ['2026-11-21T11:00:00', []],
  ['2026-11-21T10:59:59', ['late']],
  ['2019-01-01T00:00:00', ['late']],
])('takes a payment made at %s with flags %j', (paidAt, flags) => {
  expect(readPayment({ ...raw, paidAt }, now)).toMatchObject({ ok: true, flags });
});

it.each([
  ['T-1', true],
  ['x'.repeat(100), true],
  ['x'.repeat(101), false],
  ['a b', false],
  ['a\u00a0b', false],
  ["a'b", false],
  ['<a>', false],
])('transaction id %j: %s', (id, isGood) => {
  expect(isTransactionId(id)).toBe(isGood);
});

it('makes receipt numbers that name their day and differ', () => {
  const day = parseBusinessDay('2026-11-24');
  expect(receiptNumberFor(42n, day)).toMatch(/^R261124000000042\d$/);
  for (const sequence of [42n, 43n, 44n])
    expect(dammDigit(receiptNumberFor(sequence, day).slice(1))).toBe('0');
  expect(receiptNumberFor(43n, day)).not.toBe(receiptNumberFor(42n, day));
});
