/**
 * Builds ledger entries whose debits equal their credits, or faults: an entry that does not balance is our mistake,
 * never the sender's. Amounts are minor units of the entry's currency. Postings of each case: rulings.md §8.
 */
import type { BusinessDay } from '../kernel/business-day';
import { type Currency, sumMinor } from '../kernel/money';
import { type AccountRef, accounts } from './chart-of-accounts.rules';

export interface PostingDraft {
  readonly account: AccountRef;
  readonly side: 'debit' | 'credit';
  readonly amountMinor: bigint;
}

export interface EntryDraft {
  readonly sourceKind: string;
  readonly sourceId: string;
  readonly businessDay: BusinessDay;
  readonly currency: Currency;
  readonly postings: readonly PostingDraft[];
}

/** Leaves zero postings out and merges those of one account and side. Faults: unbalanced, fewer than two, negative. */
export function buildEntry(draft: EntryDraft): EntryDraft {
  const merged = new Map<string, PostingDraft>();
  for (const posting of draft.postings) {
    if (posting.amountMinor < 0n) throw new Error('a posting is never negative');
    if (posting.amountMinor === 0n) continue;
    const key = `${posting.side} ${posting.account.name}`;
    const amountMinor = (merged.get(key)?.amountMinor ?? 0n) + posting.amountMinor;
    merged.set(key, { ...posting, amountMinor });
  }
  const postings = [...merged.values()];
  const total = (side: 'debit' | 'credit') =>
    sumMinor(postings.filter((each) => each.side === side).map((each) => each.amountMinor));
  if (postings.length < 2) throw new Error('an entry has at least two postings');
  if (total('debit') !== total('credit'))
    throw new Error('the debits of an entry equal its credits');
  return { ...draft, postings };
}

interface PaymentFacts {
  readonly paymentId: string;
  readonly businessDay: BusinessDay;
  readonly currency: Currency;
  readonly psp: string;
  readonly collectionAccount: string;
}

/** A payment on a bill: the PSP holds it; it belongs to the institution by item, the surplus apart. */
export function paymentEntry(
  facts: PaymentFacts & {
    readonly sp: string;
    readonly items: readonly { readonly gfsCode: string; readonly amountMinor: bigint }[];
    readonly surplusMinor: bigint;
  },
): EntryDraft {
  const totalMinor = sumMinor(facts.items.map((item) => item.amountMinor)) + facts.surplusMinor;
  return buildEntry({
    sourceKind: 'payment',
    sourceId: facts.paymentId,
    businessDay: facts.businessDay,
    currency: facts.currency,
    postings: [
      {
        account: accounts.pspReceivable(facts.psp, facts.collectionAccount),
        side: 'debit',
        amountMinor: totalMinor,
      },
      ...facts.items.map((item) => ({
        account: accounts.spPayable(facts.sp, item.gfsCode),
        side: 'credit' as const,
        amountMinor: item.amountMinor,
      })),
      { account: accounts.spSurplus(facts.sp), side: 'credit', amountMinor: facts.surplusMinor },
    ],
  });
}

/** Money of an irrevocable PSP that no bill can take. */
export function suspenseEntry(facts: PaymentFacts & { readonly amountMinor: bigint }): EntryDraft {
  return buildEntry({
    sourceKind: 'payment',
    sourceId: facts.paymentId,
    businessDay: facts.businessDay,
    currency: facts.currency,
    postings: [
      {
        account: accounts.pspReceivable(facts.psp, facts.collectionAccount),
        side: 'debit',
        amountMinor: facts.amountMinor,
      },
      { account: accounts.suspense(facts.psp), side: 'credit', amountMinor: facts.amountMinor },
    ],
  });
}
