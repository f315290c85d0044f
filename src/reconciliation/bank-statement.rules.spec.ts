/** A statement is held against itself: what was booked leads from the opening to the closing balance. */
import {
  type BankBalance,
  type BankEntry,
  type BankFile,
  type BankStatement,
  entrySums,
  fileFaults,
} from './bank-statement.rules';

const entry: BankEntry = {
  line: 9,
  path: 'Stmt[1]/Ntry[1]',
  status: 'booked',
  direction: 'credit',
  amountMinor: 500n,
  currency: 'TZS',
  isReversal: false,
  bookingDay: undefined,
  valueDay: undefined,
  bankReference: '',
  entryReference: '',
  transactionCode: '',
  endToEndId: '',
  remittance: '',
  counterparty: { name: '', account: '' },
  returnReason: '',
  charges: [],
  batchCount: undefined,
  details: [],
};

const balance = (type: string, signedMinor: bigint, currency = 'TZS'): BankBalance => ({
  line: type === 'OPBD' ? 5 : 7,
  type,
  day: undefined,
  currency,
  signedMinor,
});

function statement(
  opening: BankBalance | undefined,
  closing: BankBalance | undefined,
  entries: readonly BankEntry[],
): BankStatement {
  const balances = [opening, closing].flatMap((each) => (each === undefined ? [] : [each]));
  return {
    line: 1,
    id: '',
    sequence: '',
    account: '',
    currency: 'TZS',
    firstDay: undefined,
    lastDay: undefined,
    opening,
    closing,
    balances,
    entries,
  };
}

const file = (given: BankStatement): BankFile => ({
  format: 'camt.053',
  version: 'camt.053.001.08',
  statements: [given],
  notes: [],
});

const debit: BankEntry = { ...entry, direction: 'debit', amountMinor: 700n };
const pending: BankEntry = { ...entry, status: 'pending', amountMinor: 9_999n };
const dollars: BankEntry = { ...entry, currency: 'USD' };

it('sums by currency, and only what is booked', () => {
  expect(entrySums([entry, debit, pending, dollars, entry])).toEqual([
    {
      currency: 'TZS',
      creditCount: 2,
      creditMinor: 1_000n,
      debitCount: 1,
      debitMinor: 700n,
      otherCount: 1,
    },
    {
      currency: 'USD',
      creditCount: 1,
      creditMinor: 500n,
      debitCount: 0,
      debitMinor: 0n,
      otherCount: 0,
    },
  ]);
  expect(entrySums([])).toEqual([]);
});

it.each<[string, BankStatement]>([
  [
    'entries lead to the closing balance',
    statement(balance('OPBD', 100n), balance('CLBD', -100n), [entry, debit]),
  ],
  [
    'pending entries do not count',
    statement(balance('OPBD', 0n), balance('CLBD', 500n), [entry, pending]),
  ],
  ['there is no closing balance', statement(balance('OPBD', 0n), undefined, [entry])],
  ['there is no balance at all', statement(undefined, undefined, [entry, dollars])],
])('is content where %s', (_what, given) => {
  expect(fileFaults(file(given))).toEqual([]);
});

it.each<[string, BankStatement, number, RegExp]>([
  [
    'the sum differs',
    statement(balance('OPBD', 100n), balance('CLBD', 100n), [entry]),
    7,
    /opening 1\.00 and entries 5\.00 make 6\.00 TZS, the closing balance says 1\.00/,
  ],
  [
    'an entry is in another currency',
    statement(balance('OPBD', 100n), balance('CLBD', 100n), [dollars]),
    9,
    /an entry in USD in a statement whose balances are in TZS/,
  ],
  [
    'the balances are in two currencies',
    statement(balance('OPBD', 100n), balance('CLBD', 100n, 'USD'), []),
    7,
    /closing balance is in USD/,
  ],
])('refuses where %s', (_what, given, line, reason) => {
  const faults = fileFaults(file(given));
  expect(faults).toEqual([
    { line, field: expect.any(String) as string, reason: expect.stringMatching(reason) as string },
  ]);
});
