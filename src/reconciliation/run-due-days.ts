/**
 * Runs by itself what is due: each PSP's day once after the cut-off of the next day, and once more for a statement or a
 * payment that comes later, or when the run of another day has changed what this one may match. The runs on record say what was done, so a restart, or a second process, repeats nothing and skips
 * nothing (rulings.md §6).
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { Database } from '../platform/database/database';
import { DayCutoff } from './due-days.rules';
import { ReconcilePsp } from './reconcile-psp';
import { type PspOfDay, ReconciliationStore } from './reconciliation.store';

@Injectable()
export class RunDueDays {
  constructor(
    private readonly database: Database,
    private readonly store: ReconciliationStore,
    private readonly reconcilePsp: ReconcilePsp,
    private readonly cutoff: DayCutoff,
  ) {}

  /** Returns how many runs were made. One PSP whose run fails holds up nobody else; the faults are thrown at the end. */
  async execute(): Promise<number> {
    const { reader } = this.database;
    const faults: unknown[] = [];
    let runs = 0;
    const due = this.cutoff.dueDays(await this.store.now(reader));
    for (const day of [...new Set([...due, ...(await this.store.outdatedDays(reader))])].sort()) {
      for (const psp of await this.store.duePsps(reader, day, this.cutoff.runStartsAt(day))) {
        try {
          if (await this.runOnce(psp, day)) runs += 1;
        } catch (fault) {
          faults.push(fault);
        }
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, 'runs of due days failed');
    return runs;
  }

  /** Asks again under the lock: somebody else may have run the day between. */
  private async runOnce(found: PspOfDay, day: BusinessDay): Promise<boolean> {
    return this.database.longTransaction(async (tx) => {
      await this.store.lockDay(tx, found.pspId, day);
      const due = await this.store.duePsps(tx, day, this.cutoff.runStartsAt(day));
      const psp = due.find((each) => each.pspId === found.pspId);
      if (psp === undefined) return false;
      await this.reconcilePsp.execute(tx, psp, day);
      return true;
    });
  }
}
