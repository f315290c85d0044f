/** Wires the closing of days. */
import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module';
import { OfficersModule } from '../officers/officers.module';
import { CloseDay } from './close-day';
import { ClosingStore } from './closing.store';
import { DayRecords } from './day-record';
import { InstitutionSettlement } from './institution-settlement';
import { VerifyDay } from './verify-day';

@Module({
  imports: [LedgerModule, OfficersModule],
  providers: [ClosingStore, DayRecords, CloseDay, VerifyDay, InstitutionSettlement],
  exports: [CloseDay, VerifyDay, InstitutionSettlement],
})
export class ClosingModule {}
