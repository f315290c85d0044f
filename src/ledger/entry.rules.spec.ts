/** Entries balance for any payment, and an entry that does not is a fault. */
import fc from 'fast-check';
import { parseBusinessDay } from '../kernel/business-day';
import { sumMinor } from '../kernel/money';
import { accounts } from './chart-of-accounts.rules';
import { buildEntry, paymentEntry, type PostingDraft, suspenseEntry } from './entry.rules';

const facts = {
  paymentId: 'p',
  businessDay: parseBusinessDay('2026-11-24'),
  currency: 'TZS',
  psp: 'PSP701',
  collectionAccount: '0150',
} as const;
const head = {
  sourceKind: 'test',
  sourceId: '1',
  businessDay: facts.businessDay,
  currency: 'TZS',
} as const;
const debit = (amountMinor: bigint): PostingDraft => ({
  account: accounts.pspReceivable('PSP701', '0150'),
  side: 'debit',
  amountMinor,
});
const credit = (amountMinor: bigint): PostingDraft => ({
  account: accounts.suspense('PSP701'),
  side: 'credit',
  amountMinor,
});

it('a payment is debited to its PSP and credited by item, surplus apart, and balances', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          gfsCode: fc.constantFrom('140206', '142202'),
          amountMinor: fc.bigInt(0n, 10n ** 14n),
        }),
        {
          minLength: 1,
        },
      ),
      fc.bigInt(1n, 10n ** 12n),
      (items, surplusMinor) => {
        const entry = paymentEntry({ ...facts, sp: 'SP70101', items, surplusMinor });
        const side = (which: string) =>
          sumMinor(
            entry.postings.filter((each) => each.side === which).map((each) => each.amountMinor),
          );
        expect(side('debit')).toBe(side('credit'));
        expect(side('debit')).toBe(sumMinor(items.map((item) => item.amountMinor)) + surplusMinor);
        expect(new Set(entry.postings.map((each) => each.account.name)).size).toBe(
          entry.postings.length,
        );
      },
    ),
  );
});

it('money without an owner goes to the suspense account of its PSP', () => {
  const { postings } = suspenseEntry({ ...facts, amountMinor: 5n });
  expect(postings.map((each) => [each.account.name, each.side, each.amountMinor])).toEqual([
    ['psp-receivable:PSP701:0150', 'debit', 5n],
    ['suspense:PSP701', 'credit', 5n],
  ]);
});

it('merges what one account gets on one side, never its debits with its credits', () => {
  const back = { ...debit(1n), side: 'credit' as const };
  const { postings } = buildEntry({ ...head, postings: [debit(3n), debit(2n), back, credit(4n)] });
  expect(postings).toEqual([debit(5n), back, credit(4n)]);
});

it.each([
  ['unbalanced', [debit(5n), credit(4n)]],
  ['one-sided', [debit(5n)]],
  ['empty', []],
  ['negative', [debit(-5n), credit(-5n)]],
  ['all zero', [debit(0n), credit(0n)]],
])('an entry that is %s is a fault', (_case, postings) => {
  expect(() => buildEntry({ ...head, postings })).toThrow();
});
