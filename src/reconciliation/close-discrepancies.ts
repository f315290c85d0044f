/**
 * Closes discrepancies that came right by themselves: the late credit arrived, the statement was corrected. What an
 * officer decides goes through a resolution instead.
 */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database';
import { DiscrepancyStore } from './discrepancy.store';

@Injectable()
export class CloseDiscrepancies {
  constructor(private readonly store: DiscrepancyStore) {}

  /**
   * `resolved`: what was missing came; `withdrawn`: it was no discrepancy after all. Those closed before are left as
   * they are. Returns the ids of those that were closed now.
   */
  async execute(
    tx: Tx,
    ids: readonly bigint[],
    how: { readonly state: 'resolved' | 'withdrawn'; readonly reason: string },
  ): Promise<readonly bigint[]> {
    if (ids.length === 0) return [];
    const closed = await this.store.close(tx, ids, how.state);
    await this.store.record(
      tx,
      closed.map((discrepancyId) => ({
        discrepancyId,
        action: how.state,
        actor: 'malipo',
        detail: { reason: how.reason },
      })),
    );
    return closed;
  }
}
