/** The table of rulings.md §8, row by row. */
import type { BusinessDay } from '../kernel/business-day';
import { accounts } from '../ledger/chart-of-accounts.rules';
import {
  bankEntryDraft,
  type MatchKind,
  matchPostings,
  openingDraft,
} from './settlement-entries.rules';

const said = (
  postings: readonly { account: { name: string }; side: string; amountMinor: bigint }[],
) =>
  postings
    .filter((each) => each.amountMinor > 0n)
    .map(
      (each) =>
        `${each.side === 'debit' ? 'Dr' : 'Cr'} ${each.account.name} ${each.amountMinor.toString()}`,
    );
const entry = {
  id: 7n,
  account: '0150',
  asset: accounts.collection('0150'),
  currency: 'TZS',
  bookingDay: '2026-11-24' as BusinessDay,
  amountMinor: 100n,
} as const;

it('a line of the bank moves the account as the bank does', () => {
  expect(said(bankEntryDraft({ ...entry, direction: 'credit' }).postings)).toEqual([
    'Dr collection:0150 100',
    'Cr bank-unallocated:0150 100',
  ]);
  expect(said(bankEntryDraft({ ...entry, direction: 'debit' }).postings)).toEqual([
    'Dr bank-unallocated:0150 100',
    'Cr collection:0150 100',
  ]);
});

it('an account may begin below nothing', () => {
  const opening = { ...entry, statementId: 1n, day: entry.bookingDay, amountMinor: -5n };
  expect(said(openingDraft(opening).postings)).toEqual([
    'Dr bank-unallocated:0150 5',
    'Cr collection:0150 5',
  ]);
});

const psp = { psp: 'PSP701', collectionAccount: '0150' };
const none = { psp: undefined, collectionAccount: undefined };

it.each<[MatchKind, typeof psp | typeof none, bigint, string[]]>([
  ['settlement', psp, 0n, ['Dr bank-unallocated:0150 90', 'Cr psp-receivable:PSP701:0150 90']],
  [
    'settlement',
    psp,
    10n,
    [
      'Dr bank-unallocated:0150 90',
      'Cr psp-receivable:PSP701:0150 90',
      'Dr psp-fee:PSP701 10',
      'Cr psp-receivable:PSP701:0150 10',
    ],
  ],
  ['return', psp, 0n, ['Dr psp-receivable:PSP701:0150 90', 'Cr bank-unallocated:0150 90']],
  ['return', none, 0n, []],
  ['refund', none, 0n, ['Dr refund-payable 90', 'Cr bank-unallocated:0150 90']],
  ['refund-return', none, 0n, ['Dr bank-unallocated:0150 90', 'Cr refund-payable 90']],
  [
    'refund-return',
    none,
    10n,
    [
      'Dr bank-unallocated:0150 90',
      'Cr refund-payable 90',
      'Dr bank-charge:0150 10',
      'Cr refund-payable 10',
    ],
  ],
  ['charge', none, 0n, ['Dr bank-charge:0150 90', 'Cr bank-unallocated:0150 90']],
  ['sweep', none, 0n, ['Dr sweep-in-transit 90', 'Cr bank-unallocated:0150 90']],
  ['treasury', none, 0n, ['Dr bank-unallocated:0150 90', 'Cr sweep-in-transit 90']],
  ['suspense', none, 0n, ['Dr bank-unallocated:0150 90', 'Cr suspense:0150 90']],
  ['left', none, 0n, []],
])('%s of %j with fee %s', (kind, whose, feeMinor, expected) => {
  const match = { kind, account: '0150', amountMinor: 90n, feeMinor, ...whose };
  expect(said(matchPostings(match))).toEqual(expected);
});

it('a settlement of nobody is a fault', () => {
  const match = {
    kind: 'settlement',
    account: '0150',
    amountMinor: 90n,
    feeMinor: 0n,
    ...none,
  } as const;
  expect(() => matchPostings(match)).toThrow();
});
