/** Wires reconciliation. */
import { type DynamicModule, Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module';
import { CarryDiscrepancies } from './carry-discrepancies';
import { CloseDiscrepancies } from './close-discrepancies';
import { DayBatchStore } from './day-batch.store';
import { DayReport } from './day-report';
import { DayViewStore } from './day-view.store';
import { DiscrepancyListStore } from './discrepancy-list.store';
import { DiscrepancyStore } from './discrepancy.store';
import { DiscrepancyViewStore } from './discrepancy-view.store';
import { ExchangeDiscrepancies } from './exchange-discrepancies';
import { PspResolutions } from './psp-resolutions';
import { Resolutions } from './resolution';
import { ResolveDiscrepancy } from './resolve-discrepancy';
import { WorkDiscrepancies } from './work-discrepancies';
import { LedgerModule } from '../ledger/ledger.module';
import { OfficersModule } from '../officers/officers.module';
import { PaymentsModule } from '../payments/payments.module';
import { DraftStatements } from './draft-statements';
import { DayCutoff } from './due-days.rules';
import { ImportStatement } from './import-statement';
import { KeepStatement } from './keep-statement';
import { OvertakenRuns } from './overtaken-runs';
import { PreviewBankFile } from './preview-bank-file';
import { LateLineStore } from './late-line.store';
import { RaiseLateLines } from './raise-late-lines';
import { RaiseDiscrepancies } from './raise-discrepancies';
import { ReadDays } from './read-days';
import { ReadDiscrepancies } from './read-discrepancies';
import { ReconcilePsp } from './reconcile-psp';
import { ReconciliationStore } from './reconciliation.store';
import { RequestDayBatch } from './request-day-batch';
import { RunDueDays } from './run-due-days';
import { RunReconciliation } from './run-reconciliation';
import { StatementDraftStore } from './statement-draft.store';

const useCases = [
  ImportStatement,
  PreviewBankFile,
  DraftStatements,
  RunReconciliation,
  RunDueDays,
  DayReport,
  RequestDayBatch,
  RaiseDiscrepancies,
  CarryDiscrepancies,
  CloseDiscrepancies,
  WorkDiscrepancies,
  ResolveDiscrepancy,
  ExchangeDiscrepancies,
  Resolutions,
  ReadDays,
  ReadDiscrepancies,
];

@Module({})
export class ReconciliationModule {
  static register(cutoffMinutes: number): DynamicModule {
    return {
      module: ReconciliationModule,
      // The edges ask for days and bring statements, and know nothing of cut-offs.
      global: true,
      imports: [LedgerModule, OfficersModule, PaymentsModule, DeliveriesModule],
      providers: [
        ReconciliationStore,
        DayBatchStore,
        DiscrepancyStore,
        DiscrepancyViewStore,
        PspResolutions,
        DayViewStore,
        DiscrepancyListStore,
        StatementDraftStore,
        KeepStatement,
        LateLineStore,
        RaiseLateLines,
        ReconcilePsp,
        OvertakenRuns,
        { provide: DayCutoff, useValue: new DayCutoff(cutoffMinutes) },
        ...useCases,
      ],
      exports: useCases,
    };
  }
}
