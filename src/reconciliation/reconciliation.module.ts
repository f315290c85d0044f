/** Wires reconciliation. */
import { Module } from '@nestjs/common';
import { DayReport } from './day-report';
import { ImportStatement } from './import-statement';
import { ReconciliationStore } from './reconciliation.store';
import { RunReconciliation } from './run-reconciliation';

const useCases = [ImportStatement, RunReconciliation, DayReport];

@Module({ providers: [ReconciliationStore, ...useCases], exports: useCases })
export class ReconciliationModule {}
