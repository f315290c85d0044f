/** Wires settlement. */
import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module';
import { BankStore } from './bank.store';
import { ImportBankFile } from './import-bank-file';
import { ManageCalendar } from './manage-calendar';
import { ManageTerms } from './manage-terms';
import { TermsStore } from './terms.store';

const useCases = [ImportBankFile, ManageCalendar, ManageTerms];

@Module({
  imports: [LedgerModule],
  providers: [TermsStore, BankStore, ...useCases],
  exports: useCases,
})
export class SettlementModule {}
