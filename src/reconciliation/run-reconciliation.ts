/** Runs the reconciliation of a business day for every PSP of it, whenever an officer asks. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { Database } from '../platform/database/database';
import { ReconcilePsp, type RunSummary } from './reconcile-psp';
import { ReconciliationStore } from './reconciliation.store';

@Injectable()
export class RunReconciliation {
  constructor(
    private readonly database: Database,
    private readonly store: ReconciliationStore,
    private readonly reconcilePsp: ReconcilePsp,
  ) {}

  async execute(day: BusinessDay): Promise<readonly RunSummary[]> {
    return this.database.longTransaction(async (tx) => {
      const summaries: RunSummary[] = [];
      for (const psp of await this.store.pspsOfDay(tx, day)) {
        await this.store.lockDay(tx, psp.pspId, day);
        summaries.push(await this.reconcilePsp.execute(tx, psp, day));
      }
      return summaries;
    });
  }
}
