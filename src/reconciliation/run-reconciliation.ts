/** Runs the reconciliation of a business day for every PSP of it, whenever an officer asks. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { ClosedDays } from '../ledger/closed-days';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { ReconcilePsp, type RunSummary } from './reconcile-psp';
import { ReconciliationStore } from './reconciliation.store';

@Injectable()
export class RunReconciliation {
  constructor(
    private readonly database: Database,
    private readonly store: ReconciliationStore,
    private readonly reconcilePsp: ReconcilePsp,
    private readonly closedDays: ClosedDays,
    private readonly audit: AuditTrail,
  ) {}

  /** `officer`: who asks, where it is one who signed in. Refuses: day.closed. */
  async execute(day: BusinessDay, officer?: string): Promise<readonly RunSummary[]> {
    return this.database.longTransaction(async (tx) => {
      if (await this.closedDays.isClosed(tx, day)) {
        throw new Refusal(
          'day.closed',
          `${day} is closed; what comes late belongs to the open day`,
          'conflict',
        );
      }
      const summaries: RunSummary[] = [];
      for (const psp of await this.store.pspsOfDay(tx, day)) {
        await this.store.lockDay(tx, psp.pspId, day);
        summaries.push(await this.reconcilePsp.execute(tx, psp, day));
      }
      if (officer !== undefined) {
        await this.audit.record(tx, {
          actor: officer,
          action: 'reconciliation.run',
          subject: `day/${day}`,
          detail: { psps: summaries.map(({ pspCode }) => pspCode) },
        });
      }
      return summaries;
    });
  }
}
