/** An entry as the second officer sees it before he approves. */
import type { EntryDraft } from '../ledger/entry.rules';
import type { PlannedPosting } from '../officers/approvals';

export function plannedPostings({ currency, postings }: EntryDraft): readonly PlannedPosting[] {
  return postings.map(({ account, side, amountMinor }) => ({
    account: account.name,
    side,
    amountMinor,
    currency,
  }));
}
