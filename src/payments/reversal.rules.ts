/**
 * The ledger entries of what officers do to payments (rulings.md §8): a reversal before and after settlement, the
 * correction to what a PSP says, money that leaves suspense for a bill, and refunds. Amounts are minor units.
 */
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import { type AccountRef, accounts } from '../ledger/chart-of-accounts.rules';
import { buildEntry, type EntryDraft, type PostingDraft } from '../ledger/entry.rules';

interface Facts {
  readonly id: string;
  readonly businessDay: BusinessDay;
  readonly currency: Currency;
  readonly psp: string;
}

interface PartOfBill {
  readonly sp: string;
  readonly collectionAccount: string;
  readonly items: readonly { readonly gfsCode: string; readonly amountMinor: bigint }[];
  readonly surplusMinor: bigint;
}

/** Whose the money of a part is. */
function owned(side: 'debit' | 'credit', part: PartOfBill): readonly PostingDraft[] {
  return [
    ...part.items.map((item) => ({
      account: accounts.spPayable(part.sp, item.gfsCode),
      side,
      amountMinor: item.amountMinor,
    })),
    { account: accounts.spSurplus(part.sp), side, amountMinor: part.surplusMinor },
  ];
}

const sumOf = (part: PartOfBill): bigint =>
  part.items.reduce((sum, item) => sum + item.amountMinor, part.surplusMinor);

/** Who owes the money back to the payer: the PSP that still holds it, else we, out of the bank account. */
function owedBy(facts: Facts, account: string, isSettled: boolean): AccountRef {
  return isSettled ? accounts.refundPayable() : accounts.pspReceivable(facts.psp, account);
}

/** Money on bills goes back, of one payment in one entry; of a combined bill each part has a clearing of its own. */
export function reversalEntry(
  facts: Facts & { readonly parts: readonly (PartOfBill & { readonly isSettled: boolean })[] },
): EntryDraft {
  return buildEntry({
    ...facts,
    sourceKind: 'reversal',
    sourceId: facts.id,
    postings: facts.parts.flatMap((part): PostingDraft[] => [
      ...owned('debit', part),
      {
        account: owedBy(facts, part.collectionAccount, part.isSettled),
        side: 'credit',
        amountMinor: sumOf(part),
      },
    ]),
  });
}

/** Money in suspense goes back. */
export function suspenseReversalEntry(
  facts: Facts & {
    readonly isSettled: boolean;
    readonly collectionAccount: string;
    readonly amountMinor: bigint;
  },
): EntryDraft {
  const { amountMinor } = facts;
  return buildEntry({
    ...facts,
    sourceKind: 'reversal',
    sourceId: facts.id,
    postings: [
      { account: accounts.suspense(facts.psp), side: 'debit', amountMinor },
      {
        account: owedBy(facts, facts.collectionAccount, facts.isSettled),
        side: 'credit',
        amountMinor,
      },
    ],
  });
}

/** Money in suspense goes to the bill it was meant for. `id` is the payment's. */
export function placementEntry(
  facts: Facts & { readonly parts: readonly PartOfBill[] },
): EntryDraft {
  return buildEntry({
    ...facts,
    sourceKind: 'placement',
    sourceId: facts.id,
    postings: facts.parts.flatMap((part): PostingDraft[] => [
      { account: accounts.suspense(facts.psp), side: 'debit', amountMinor: sumOf(part) },
      ...owned('credit', part),
    ]),
  });
}

interface RefundFacts extends Facts {
  /** Whose surplus it is; undefined for suspense. */
  readonly sp: string | undefined;
  readonly source: 'suspense' | 'surplus';
  readonly amountMinor: bigint;
}

/** Where the money of a refund lies until two officers approve it. */
function heldFor({ psp, sp = '', source }: RefundFacts): AccountRef {
  return source === 'suspense' ? accounts.suspense(psp) : accounts.spSurplus(sp);
}

/** A refund is approved: we owe it to the payer. `id` is the refund's. */
export function refundEntry(facts: RefundFacts): EntryDraft {
  const { id, amountMinor } = facts;
  return buildEntry({
    ...facts,
    sourceKind: 'refund',
    sourceId: id,
    postings: [
      { account: heldFor(facts), side: 'debit', amountMinor },
      { account: accounts.refundPayable(), side: 'credit', amountMinor },
    ],
  });
}

/** The bank could not pay it: the money is where it was. */
export function refundReturnEntry(facts: RefundFacts): EntryDraft {
  const { id, amountMinor } = facts;
  return buildEntry({
    ...facts,
    sourceKind: 'refund-return',
    sourceId: id,
    postings: [
      { account: accounts.refundPayable(), side: 'debit', amountMinor },
      { account: heldFor(facts), side: 'credit', amountMinor },
    ],
  });
}
