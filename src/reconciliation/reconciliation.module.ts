/** Wires reconciliation. */
import { type DynamicModule, Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module';
import { DayBatchStore } from './day-batch.store';
import { DayReport } from './day-report';
import { DayCutoff } from './due-days.rules';
import { ImportStatement } from './import-statement';
import { ReconcilePsp } from './reconcile-psp';
import { ReconciliationStore } from './reconciliation.store';
import { RequestDayBatch } from './request-day-batch';
import { RunDueDays } from './run-due-days';
import { RunReconciliation } from './run-reconciliation';

const useCases = [ImportStatement, RunReconciliation, RunDueDays, DayReport, RequestDayBatch];

@Module({})
export class ReconciliationModule {
  static register(cutoffMinutes: number): DynamicModule {
    return {
      module: ReconciliationModule,
      // The protocol edge asks for days, and knows nothing of cut-offs.
      global: true,
      imports: [DeliveriesModule],
      providers: [
        ReconciliationStore,
        DayBatchStore,
        ReconcilePsp,
        { provide: DayCutoff, useValue: new DayCutoff(cutoffMinutes) },
        ...useCases,
      ],
      exports: useCases,
    };
  }
}
