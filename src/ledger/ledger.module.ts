/** Wires the ledger. */
import { Module } from '@nestjs/common';
import { LedgerStore } from './ledger.store';
import { PostEntries } from './post-entries';
import { TrialBalance } from './trial-balance';

@Module({
  providers: [LedgerStore, PostEntries, TrialBalance],
  exports: [PostEntries, TrialBalance],
})
export class LedgerModule {}
