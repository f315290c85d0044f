/** What of a statement is kept, and what is refused with its line. */
import type { BusinessDay } from '../kernel/business-day';
import type { BankEntry, BankStatement } from '../reconciliation/bank-statement.rules';
import { recordStatement } from './bank-record.rules';

const day = (text: string) => text as BusinessDay;
const today = day('2026-11-24');
const entry = (more: Partial<BankEntry> = {}): BankEntry => ({
  line: 9,
  path: 'row 9',
  status: 'booked',
  direction: 'credit',
  amountMinor: 500n,
  currency: 'TZS',
  isReversal: false,
  bookingDay: day('2026-11-23'),
  valueDay: undefined,
  bankReference: 'B1',
  entryReference: '',
  transactionCode: '',
  endToEndId: '',
  remittance: '',
  counterparty: { name: '', account: '' },
  returnReason: '',
  charges: [],
  batchCount: undefined,
  details: [],
  ...more,
});
const statement = (
  entries: readonly BankEntry[],
  more: Partial<BankStatement> = {},
): BankStatement => ({
  line: 1,
  id: 'S1',
  sequence: '1',
  account: '0150',
  currency: 'TZS',
  firstDay: undefined,
  lastDay: undefined,
  opening: undefined,
  closing: undefined,
  balances: [],
  entries,
  ...more,
});
const record = (
  given: BankStatement,
  format: 'camt.053' | 'camt.054' = 'camt.053',
  currency = 'TZS',
) => recordStatement(given, format, '0150', currency, today);

it('keeps what is booked, numbers what looks alike, and spans its days', () => {
  const kept = record(
    statement([
      entry(),
      entry(),
      entry({ status: 'pending' }),
      entry({ bookingDay: day('2026-11-20') }),
    ]),
  );
  expect(kept.entries.map((each) => each.occurrence)).toEqual([1, 2, 1]);
  expect([kept.firstDay, kept.lastDay]).toEqual(['2026-11-20', '2026-11-23']);
});

it('has one digest for one content, and another for any other', () => {
  const digest = (given: BankStatement) => record(given).contentDigest.toString('hex');
  expect(digest(statement([entry()]))).toBe(digest(statement([entry({ line: 12 })])));
  expect(digest(statement([entry()]))).not.toBe(digest(statement([entry({ amountMinor: 501n })])));
});

it.each([
  ['bank-statement.day-missing', statement([entry({ bookingDay: undefined })])],
  ['bank-statement.day-missing', statement([])],
  ['bank-statement.day-future', statement([entry({ bookingDay: day('2026-11-25') })])],
])('refuses %s', (code, given) => {
  expect(() => record(given)).toThrow(code);
});

it('refuses another currency, and a notification that cannot be told from its statement', () => {
  expect(() => record(statement([entry()]), 'camt.053', 'EUR')).toThrow(
    'bank-statement.currency-foreign',
  );
  expect(() => record(statement([entry({ bankReference: '' })]), 'camt.054')).toThrow(
    'bank-statement.reference-missing',
  );
});
