/** Wires settlement. */
import { type DynamicModule, Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module';
import { PaymentsModule } from '../payments/payments.module';
import { BankMappingStore } from './bank-mapping.store';
import { BankStore } from './bank.store';
import { ExpectationStore } from './expectation.store';
import { ExplainLine } from './explain-line';
import { ImportBankFile } from './import-bank-file';
import { InboxFolder, InboxPlace } from './inbox-folder';
import { ManageBankMappings } from './manage-bank-mappings';
import { ManageCalendar } from './manage-calendar';
import { ManageTerms } from './manage-terms';
import { MatchSettlement } from './match-settlement';
import { MatchRefunds } from './match-refunds';
import { PostMatches } from './post-matches';
import { RefundResolutions } from './refund-resolutions';
import { RefreshExpectations } from './refresh-expectations';
import { ReviewSettlement } from './review-settlement';
import { RunDueSettlement } from './run-due-settlement';
import { SettlementDiscrepancies } from './settlement-discrepancies';
import { SettlementDiscrepancyStore } from './settlement-discrepancy.store';
import { ResolutionStore } from './resolution.store';
import { SettlementResolutions } from './settlement-resolutions';
import { SettlementStore } from './settlement.store';
import { SettlementViewStore } from './settlement-view.store';
import { TakeInbox } from './take-inbox';
import { TermsStore } from './terms.store';

const useCases = [
  ImportBankFile,
  ManageBankMappings,
  ManageCalendar,
  ManageTerms,
  MatchSettlement,
  ReviewSettlement,
  RunDueSettlement,
  TakeInbox,
];

@Module({
  imports: [LedgerModule, PaymentsModule],
  providers: [
    TermsStore,
    BankMappingStore,
    InboxFolder,
    BankStore,
    ExpectationStore,
    SettlementStore,
    SettlementDiscrepancyStore,
    SettlementViewStore,
    PostMatches,
    MatchRefunds,
    ResolutionStore,
    ExplainLine,
    SettlementResolutions,
    RefundResolutions,
    RefreshExpectations,
    SettlementDiscrepancies,
    ...useCases,
  ],
  exports: useCases,
})
export class SettlementModule {
  /** `inbox`: the folder in which PSPs and banks lay down files. */
  static register(inbox: string): DynamicModule {
    return {
      module: SettlementModule,
      // The edges bring statements, and know nothing of folders.
      global: true,
      providers: [{ provide: InboxPlace, useValue: new InboxPlace(inbox) }],
    };
  }
}
