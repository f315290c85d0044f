/**
 * What a run of one day changes for other days: a payment is matched once, so that what this run holds now, or holds no
 * more, other runs see otherwise. Runs of open days are marked and made again by the timed work; each such run prefers
 * what it had or takes what it likes better, so that this comes to rest. A closed day is never changed: what it misses
 * now is a discrepancy of the open day that names it (rulings.md §6).
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { ClosedDays } from '../ledger/closed-days';
import type { Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import { RaiseDiscrepancies } from './raise-discrepancies';

interface FreedPayment {
  readonly paymentId: string;
  readonly transactionId: string;
  readonly ourMinor: bigint;
  readonly currency: string;
  readonly refersToDay: BusinessDay;
}

const outdateRuns = sqlFile<unknown[], { day: BusinessDay }>(__dirname, 'sql/outdate-runs.sql');
const freedOfClosedDays = sqlFile<unknown[], FreedPayment>(
  __dirname,
  'sql/freed-of-closed-days.sql',
);

@Injectable()
export class OvertakenRuns {
  constructor(
    private readonly closedDays: ClosedDays,
    private readonly raise: RaiseDiscrepancies,
  ) {}

  /** After the matches of a run are written. */
  async execute(tx: Tx, runId: bigint, pspId: number, day: BusinessDay): Promise<void> {
    await outdateRuns.run(tx, runId, pspId, day);
    const freed = await freedOfClosedDays.run(tx, runId, pspId, day);
    const drafts = [];
    for (const { paymentId, transactionId, refersToDay, ourMinor, currency } of freed) {
      const { day: businessDay } = await this.closedDays.dayToPost(tx, refersToDay);
      drafts.push({
        kind: 'missing-there',
        pspId,
        businessDay,
        subject: transactionId,
        theirMinor: null,
        ourMinor,
        currency,
        paymentId,
        detail: { refersToDay },
      } as const);
    }
    await this.raise.execute(tx, drafts);
  }
}
