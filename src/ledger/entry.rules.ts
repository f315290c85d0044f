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
}

/** What one institution gets of a payment. */
interface PaymentPart {
  readonly sp: string;
  readonly collectionAccount: string;
  readonly items: readonly { readonly gfsCode: string; readonly amountMinor: bigint }[];
  readonly surplusMinor: bigint;
}

/**
 * A payment on a bill, or on the parts of a combined bill in one entry: the PSP holds it for each part's account; it
 * belongs to each institution by item, the surplus apart.
 */
export function paymentEntry(
  facts: PaymentFacts & { readonly parts: readonly PaymentPart[] },
): EntryDraft {
  return buildEntry({
    sourceKind: 'payment',
    sourceId: facts.paymentId,
    businessDay: facts.businessDay,
    currency: facts.currency,
    postings: facts.parts.flatMap((part): PostingDraft[] => [
      {
        account: accounts.pspReceivable(facts.psp, part.collectionAccount),
        side: 'debit',
        amountMinor: sumMinor(part.items.map((item) => item.amountMinor)) + part.surplusMinor,
      },
      ...part.items.map((item) => ({
        account: accounts.spPayable(part.sp, item.gfsCode),
        side: 'credit' as const,
        amountMinor: item.amountMinor,
      })),
      { account: accounts.spSurplus(part.sp), side: 'credit', amountMinor: part.surplusMinor },
    ]),
  });
}

/** Money of an irrevocable PSP that no bill can take. */
export function suspenseEntry(
  facts: PaymentFacts & { readonly collectionAccount: string; readonly amountMinor: bigint },
): EntryDraft {
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
