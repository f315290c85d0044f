/**
 * Compares one PSP's statement of a business day with our payments, and proves that nothing fell between: every line
 * is matched or a discrepancy, and so is every payment. Running again replaces the last run; today's run, and one
 * without a statement, is provisional (rulings.md §6). Other days that it changes something for are run again.
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Tx } from '../platform/database/database';
import type { MatchingKind } from './matching.rules';
import { CloseDiscrepancies } from './close-discrepancies';
import { OvertakenRuns } from './overtaken-runs';
import { type PspOfDay, ReconciliationStore } from './reconciliation.store';

export interface RunSummary {
  readonly pspCode: string;
  readonly lineCount: number;
  readonly paymentCount: number;
  readonly matchCount: number;
  readonly discrepancies: readonly { readonly kind: MatchingKind; readonly count: number }[];
}

@Injectable()
export class ReconcilePsp {
  constructor(
    private readonly store: ReconciliationStore,
    private readonly closeDiscrepancies: CloseDiscrepancies,
    private readonly overtaken: OvertakenRuns,
  ) {}

  /** The caller holds the lock of the PSP's day (`lockDay`). */
  async execute(tx: Tx, psp: PspOfDay, day: BusinessDay): Promise<RunSummary> {
    const runId = await this.store.openRun(tx, psp, day);
    const matchCount = await this.store.match(tx, runId, psp, day);
    const discrepancies = await this.store.raise(tx, runId, psp, day);
    await this.store.explain(tx, runId, psp, day);
    await this.closeDiscrepancies.execute(tx, await this.store.arrived(tx, psp.pspId), {
      state: 'resolved',
      reason: 'a later statement reports the payment',
    });
    await this.overtaken.execute(tx, runId, psp.pspId, day);
    const tally = await this.store.tally(tx, runId, psp, day);
    if (tally.lines !== tally.linesAccounted || tally.payments !== tally.paymentsAccounted) {
      throw new Error(
        `reconciliation of ${psp.pspCode} on ${day} does not conserve: ${JSON.stringify(tally)}`,
      );
    }
    await this.store.closeRun(tx, runId, {
      lineCount: tally.lines,
      paymentCount: tally.payments,
      matchCount,
      discrepancyCount: discrepancies.reduce((sum, each) => sum + each.count, 0),
    });
    return {
      pspCode: psp.pspCode,
      lineCount: tally.lines,
      paymentCount: tally.payments,
      matchCount,
      discrepancies,
    };
  }
}
