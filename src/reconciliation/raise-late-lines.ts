/**
 * A statement that comes after its day was closed: the day keeps the one that it was sealed with, and what the new one
 * says otherwise is a discrepancy of the open day that names the day it is about (rulings.md §6).
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { ClosedDays } from '../ledger/closed-days';
import type { Tx } from '../platform/database/database';
import { LateLineStore } from './late-line.store';
import { RaiseDiscrepancies } from './raise-discrepancies';

@Injectable()
export class RaiseLateLines {
  constructor(
    private readonly store: LateLineStore,
    private readonly closedDays: ClosedDays,
    private readonly raise: RaiseDiscrepancies,
  ) {}

  /** Nothing happens while the day is open: a run finds what there is. */
  async execute(
    tx: Tx,
    late: { readonly pspId: number; readonly day: BusinessDay; readonly statementId: bigint },
  ): Promise<void> {
    const { day: businessDay, refersToDay } = await this.closedDays.dayToPost(tx, late.day);
    if (refersToDay === null) return;
    const found = await this.store.differences(tx, late);
    await this.raise.execute(
      tx,
      found.map(({ transactionId, paymentId, statementLineId, ...line }) => ({
        ...line,
        pspId: late.pspId,
        businessDay,
        subject: transactionId,
        detail: { refersToDay },
        ...(paymentId === null ? {} : { paymentId }),
        ...(statementLineId === null ? {} : { statementLineId }),
      })),
    );
  }
}
