/** Wires the ledger. */
import { Module } from '@nestjs/common';
import { ClosedDayStore } from './closed-day.store';
import { ClosedDays } from './closed-days';
import { LedgerStore } from './ledger.store';
import { PostEntries } from './post-entries';
import { TrialBalance } from './trial-balance';

@Module({
  providers: [LedgerStore, ClosedDayStore, ClosedDays, PostEntries, TrialBalance],
  exports: [ClosedDays, PostEntries, TrialBalance],
})
export class LedgerModule {}
