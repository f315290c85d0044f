/** Posts balanced entries inside the caller's transaction, each once per source. */
import { Injectable } from '@nestjs/common';
import { type EntryId, newId } from '../kernel/ids';
import type { Tx } from '../platform/database/database';
import type { EntryDraft } from './entry.rules';
import { LedgerStore } from './ledger.store';

@Injectable()
export class PostEntries {
  constructor(private readonly store: LedgerStore) {}

  /** Faults when a source is already posted: the callers' gates make that impossible, so it is our mistake. */
  async execute(tx: Tx, drafts: readonly EntryDraft[]): Promise<void> {
    if (drafts.length === 0) return;
    await this.store.ensureAccounts(
      tx,
      drafts.flatMap((draft) =>
        draft.postings.map((posting) => ({ ref: posting.account, currency: draft.currency })),
      ),
    );
    const entries = drafts.map((draft) => ({ id: newId<EntryId>(), draft }));
    const posted = await this.store.insert(tx, entries);
    if (posted.length !== drafts.length) throw new Error('a source reference is already posted');
  }
}
