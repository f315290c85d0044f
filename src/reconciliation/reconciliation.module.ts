/** Wires reconciliation. */
import { type DynamicModule, Module } from '@nestjs/common';
import { DayReport } from './day-report';
import { DayCutoff } from './due-days.rules';
import { ImportStatement } from './import-statement';
import { ReconcilePsp } from './reconcile-psp';
import { ReconciliationStore } from './reconciliation.store';
import { RunDueDays } from './run-due-days';
import { RunReconciliation } from './run-reconciliation';

const useCases = [ImportStatement, RunReconciliation, RunDueDays, DayReport];

@Module({})
export class ReconciliationModule {
  static register(cutoffMinutes: number): DynamicModule {
    return {
      module: ReconciliationModule,
      providers: [
        ReconciliationStore,
        ReconcilePsp,
        { provide: DayCutoff, useValue: new DayCutoff(cutoffMinutes) },
        ...useCases,
      ],
      exports: useCases,
    };
  }
}
