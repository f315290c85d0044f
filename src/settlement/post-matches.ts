/** Keeps matches and posts what they move, inside the caller's transaction: one entry of the ledger for each match. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import { buildEntry } from '../ledger/entry.rules';
import { PostEntries } from '../ledger/post-entries';
import type { Tx } from '../platform/database/database';
import { matchPostings } from './settlement-entries.rules';
import { type MatchDraft, SettlementStore } from './settlement.store';

/** A match with what its postings need to know. */
export interface FoundMatch {
  readonly draft: MatchDraft;
  /** Of the bank. */
  readonly entry: {
    readonly id: bigint;
    readonly account: string;
    readonly currency: Currency;
    readonly bookingDay: BusinessDay;
  };
  readonly psp: string | undefined;
  readonly collectionAccount: string | undefined;
}

@Injectable()
export class PostMatches {
  constructor(
    private readonly store: SettlementStore,
    private readonly ledger: PostEntries,
  ) {}

  /** On the day of the bank's entry; one of a closed day belongs to today, as every entry does. */
  async execute(tx: Tx, runId: bigint | null, found: readonly FoundMatch[]): Promise<void> {
    if (found.length === 0) return;
    const ids = await this.store.addMatches(
      tx,
      runId,
      found.map((each) => each.draft),
    );
    const entries = found.flatMap(({ entry, draft, psp, collectionAccount }, i) => {
      const postings = matchPostings({ ...draft, account: entry.account, psp, collectionAccount });
      if (postings.length === 0) return [];
      return [
        buildEntry({
          sourceKind: 'bank-match',
          sourceId: String(ids[i]),
          businessDay: entry.bookingDay,
          currency: entry.currency,
          postings,
        }),
      ];
    });
    await this.ledger.execute(tx, entries);
  }
}
