/** The postings of bank entries and of what explains them, exactly as rulings.md §8 has them. Pure; amounts in minor units. */
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import { type AccountRef, accounts } from '../ledger/chart-of-accounts.rules';
import { buildEntry, type EntryDraft, type PostingDraft } from '../ledger/entry.rules';

/** Debit and credit of one amount; below zero, the other way round. */
function move(debit: AccountRef, credit: AccountRef, amountMinor: bigint): PostingDraft[] {
  const [from, to, sum] =
    amountMinor < 0n ? [credit, debit, -amountMinor] : [debit, credit, amountMinor];
  return [
    { account: from, side: 'debit', amountMinor: sum },
    { account: to, side: 'credit', amountMinor: sum },
  ];
}

/** A line of the bank, whatever it is for: the account follows the bank's balance, a debit mirrored. */
export function bankEntryDraft(entry: {
  readonly id: bigint;
  readonly account: string;
  readonly asset: AccountRef;
  readonly currency: Currency;
  readonly bookingDay: BusinessDay;
  readonly direction: 'credit' | 'debit';
  readonly amountMinor: bigint;
}): EntryDraft {
  const signed = entry.direction === 'credit' ? entry.amountMinor : -entry.amountMinor;
  return buildEntry({
    sourceKind: 'bank-entry',
    sourceId: entry.id.toString(),
    businessDay: entry.bookingDay,
    currency: entry.currency,
    postings: move(entry.asset, accounts.bankUnallocated(entry.account), signed),
  });
}

export function openingDraft(opening: {
  readonly statementId: bigint;
  readonly account: string;
  readonly asset: AccountRef;
  readonly currency: Currency;
  readonly day: BusinessDay;
  readonly amountMinor: bigint;
}): EntryDraft {
  return buildEntry({
    sourceKind: 'bank-opening',
    sourceId: `${opening.account}:${opening.currency}:${opening.statementId.toString()}`,
    businessDay: opening.day,
    currency: opening.currency,
    postings: move(opening.asset, accounts.bankUnallocated(opening.account), opening.amountMinor),
  });
}

/** What an entry of the bank turned out to be. */
export type MatchKind =
  | 'settlement'
  | 'return'
  | 'refund'
  | 'refund-return'
  | 'charge'
  | 'sweep'
  | 'treasury'
  | 'suspense'
  | 'left';

export interface MatchToPost {
  readonly kind: MatchKind;
  /** Of the bank entry. */
  readonly account: string;
  /** What of the bank entry this explains; below zero, what is undone. */
  readonly amountMinor: bigint;
  /** What the PSP kept of a settlement, or the bank of a refund that came back. */
  readonly feeMinor: bigint;
  /** Whose money, and meant for which account; for settlement and for its return. */
  readonly psp: string | undefined;
  readonly collectionAccount: string | undefined;
}

/** Empty where nothing moves: what is left unallocated, and a return of what was never allocated. */
export function matchPostings(match: MatchToPost): readonly PostingDraft[] {
  const unallocated = accounts.bankUnallocated(match.account);
  const { kind, amountMinor, feeMinor, psp, collectionAccount } = match;
  const receivable =
    psp === undefined || collectionAccount === undefined
      ? undefined
      : accounts.pspReceivable(psp, collectionAccount);
  if (kind === 'settlement' && receivable !== undefined) {
    return [
      ...move(unallocated, receivable, amountMinor),
      ...move(accounts.pspFee(psp ?? ''), receivable, feeMinor),
    ];
  }
  switch (kind) {
    case 'return':
      return receivable === undefined ? [] : move(receivable, unallocated, amountMinor);
    case 'refund':
      return move(accounts.refundPayable(), unallocated, amountMinor);
    case 'refund-return':
      return [
        ...move(unallocated, accounts.refundPayable(), amountMinor),
        ...move(accounts.bankCharge(match.account), accounts.refundPayable(), feeMinor),
      ];
    case 'charge':
      return move(accounts.bankCharge(match.account), unallocated, amountMinor);
    case 'sweep':
      return move(accounts.sweepInTransit(), unallocated, amountMinor);
    case 'treasury':
      return move(unallocated, accounts.sweepInTransit(), amountMinor);
    case 'suspense':
      return move(unallocated, accounts.suspense(match.account), amountMinor);
    case 'left':
      return [];
    case 'settlement':
      throw new Error('money of a PSP is settled for a PSP and an account');
  }
}
