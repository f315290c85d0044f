/**
 * What was open in a day when it closed is worked on in the open day: another discrepancy goes on with it there and each
 * names the other. The closed day's own stays as it was sealed (rulings.md §6).
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Tx } from '../platform/database/database';
import { DiscrepancyStore } from './discrepancy.store';
import { type DiscrepancyDraft, RaiseDiscrepancies } from './raise-discrepancies';

/** One of a closed day, and what it is in the open one; its detail gains `carriedFrom`, the closed day. */
export interface Carried {
  readonly id: bigint;
  readonly fromDay: BusinessDay;
  readonly draft: DiscrepancyDraft;
}

@Injectable()
export class CarryDiscrepancies {
  constructor(
    private readonly store: DiscrepancyStore,
    private readonly raise: RaiseDiscrepancies,
  ) {}

  /** Each at most once. Returns the ids of those that go on, in the order given. */
  async execute(tx: Tx, carried: readonly Carried[]): Promise<readonly bigint[]> {
    const ids = await this.raise.execute(
      tx,
      carried.map(({ draft, fromDay }) => ({
        ...draft,
        detail: { ...draft.detail, carriedFrom: fromDay },
      })),
    );
    await this.store.carry(
      tx,
      carried.map(({ id }, i) => ({ id, carriedTo: ids[i] ?? id })),
    );
    return ids;
  }
}
