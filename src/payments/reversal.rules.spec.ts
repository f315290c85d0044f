/** The postings of rulings.md §8, to the cent. */
import { parseBusinessDay } from '../kernel/business-day';
import { placementEntry, reversalEntry, suspenseReversalEntry } from './reversal.rules';

const facts = {
  id: 'x',
  businessDay: parseBusinessDay('2026-11-24'),
  currency: 'TZS' as const,
  psp: 'PSP701',
};
const part = {
  sp: 'SP701',
  collectionAccount: '0150',
  items: [
    { gfsCode: '142202', amountMinor: 70n },
    { gfsCode: '140206', amountMinor: 0n },
  ],
  surplusMinor: 5n,
};

function said({ postings }: ReturnType<typeof reversalEntry>): string[] {
  return postings.map((each) => `${each.side} ${each.account.name} ${String(each.amountMinor)}`);
}

const owned = ['debit sp-payable:SP701:142202 70', 'debit sp-surplus:SP701 5'];

it('a reversal before settlement goes against what the PSP owes', () => {
  expect(said(reversalEntry({ ...facts, parts: [{ ...part, isSettled: false }] }))).toEqual([
    ...owned,
    'credit psp-receivable:PSP701:0150 75',
  ]);
});

it('a reversal after settlement is owed by us', () => {
  expect(said(reversalEntry({ ...facts, parts: [{ ...part, isSettled: true }] }))).toEqual([
    ...owned,
    'credit refund-payable 75',
  ]);
});

it('money in suspense goes back to where it is', () => {
  const suspense = { ...facts, collectionAccount: '0150', amountMinor: 9n };
  expect(said(suspenseReversalEntry({ ...suspense, isSettled: false }))).toEqual([
    'debit suspense:PSP701 9',
    'credit psp-receivable:PSP701:0150 9',
  ]);
  expect(said(suspenseReversalEntry({ ...suspense, isSettled: true }))).toEqual([
    'debit suspense:PSP701 9',
    'credit refund-payable 9',
  ]);
});

it('money in suspense goes to a bill', () => {
  expect(said(placementEntry({ ...facts, parts: [part] }))).toEqual([
    'debit suspense:PSP701 75',
    'credit sp-payable:SP701:142202 70',
    'credit sp-surplus:SP701 5',
  ]);
});
