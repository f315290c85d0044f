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
        const part = { sp: 'SP70101', collectionAccount: '0150', items, surplusMinor };
        const entry = paymentEntry({ ...facts, parts: [part] });
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

it('a payment on a combined bill is one entry: each part on its own account, for its own institution', () => {
  const part = (sp: string, amountMinor: bigint, surplusMinor: bigint) => ({
    sp,
    collectionAccount: `acc-${sp}`,
    items: [{ gfsCode: '140206', amountMinor }],
    surplusMinor,
  });
  const { postings } = paymentEntry({
    ...facts,
    parts: [part('SP1', 70n, 5n), part('SP2', 30n, 0n)],
  });
  expect(postings.map((each) => [each.account.name, each.side, each.amountMinor])).toEqual([
    ['psp-receivable:PSP701:acc-SP1', 'debit', 75n],
    ['sp-payable:SP1:140206', 'credit', 70n],
    ['sp-surplus:SP1', 'credit', 5n],
    ['psp-receivable:PSP701:acc-SP2', 'debit', 30n],
    ['sp-payable:SP2:140206', 'credit', 30n],
  ]);
});

it('money without an owner goes to the suspense account of its PSP', () => {
  const { postings } = suspenseEntry({ ...facts, collectionAccount: '0150', amountMinor: 5n });
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
