/** Sweeps, charges and returns are told apart, each by what the bank writes. */
import type { BusinessDay } from '../kernel/business-day';
import { debitKind, type OpenLine, returnedCredit, sweepOf } from './bank-debit.rules';

const line = (more: Partial<OpenLine> = {}): OpenLine => ({
  id: 1n,
  account: '0150',
  currency: 'TZS',
  amountMinor: 100n,
  bookingDay: '2026-11-24' as BusinessDay,
  isReversal: false,
  returnReason: '',
  bankReference: '',
  endToEndId: '',
  remittance: '',
  counterpartyAccount: '',
  transactionCode: '',
  ...more,
});

it.each<[Partial<OpenLine>, string | undefined]>([
  [{ counterpartyAccount: '9900-112233' }, 'sweep-account'],
  [{ remittance: 'EOD SWEEP TO 9900112233' }, 'sweep-account'],
  [{ transactionCode: 'ACMT/MDOP/CHRG' }, 'charge-code'],
  [{ transactionCode: 'NCHG' }, 'charge-code'],
  [{ remittance: 'Ledger fee November' }, 'charge-words'],
  [{ remittance: 'Transfer' }, undefined],
  [{ remittance: 'Commission', isReversal: true }, undefined],
])('%j is %s', (more, expected) => {
  expect(debitKind(line(more), '9900112233')?.rule).toBe(expected);
});

it('without a treasury account nothing is a sweep', () => {
  expect(debitKind(line({ counterpartyAccount: '9900112233' }), undefined)).toBeUndefined();
});

const credit = (id: bigint, more: Partial<OpenLine> = {}) => line({ id, ...more });

it.each<[string, Partial<OpenLine>, OpenLine[], bigint | undefined]>([
  ['no return', {}, [credit(2n)], undefined],
  [
    'by its reference',
    { isReversal: true, bankReference: 'R' },
    [credit(2n), credit(3n, { bankReference: 'R' })],
    3n,
  ],
  [
    'by the only sum',
    { returnReason: 'AC01' },
    [credit(2n), credit(3n, { amountMinor: 101n })],
    2n,
  ],
  ['one of two', { returnReason: 'AC01' }, [credit(2n), credit(3n)], undefined],
  [
    'too old',
    { isReversal: true },
    [credit(2n, { bookingDay: '2026-10-20' as BusinessDay })],
    undefined,
  ],
])('a return: %s', (_case, more, credits, expected) => {
  expect(returnedCredit(line(more), credits)?.credit.id).toBe(expected);
});

it('the other end of a sweep is the one that is named, else the oldest of the sum', () => {
  const sweeps = [
    line({ id: 4n }),
    line({ id: 5n, endToEndId: 'E' }),
    line({ id: 6n, account: '0160777' }),
  ];
  expect(sweepOf(line({ endToEndId: 'E' }), sweeps)?.id).toBe(5n);
  expect(sweepOf(line({ remittance: 'from 0160777' }), sweeps)?.id).toBe(6n);
  expect(sweepOf(line(), sweeps)?.id).toBe(4n);
  expect(sweepOf(line({ amountMinor: 99n }), sweeps)).toBeUndefined();
});
