/**
 * Raises discrepancies that are not found by the run over a PSP's day: what settlement at the bank finds. The same
 * again changes nothing; other sums bring it up to date; one that went away is open again (discrepancy.rules).
 */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database';
import { foundAgain } from './discrepancy.rules';
import {
  type DiscrepancyDraft,
  type DiscrepancyEvent,
  DiscrepancyStore,
} from './discrepancy.store';

export type { DiscrepancyDraft };

/** Who raises what no officer does. */
const system = 'malipo';

@Injectable()
export class RaiseDiscrepancies {
  constructor(private readonly store: DiscrepancyStore) {}

  /** Ids in the order of the drafts. Locks those that exist; the drafts of one call are of different keys. */
  async execute(tx: Tx, drafts: readonly DiscrepancyDraft[]): Promise<readonly bigint[]> {
    const ids: bigint[] = [];
    const events: DiscrepancyEvent[] = [];
    for (const draft of drafts) {
      const added = await this.store.add(tx, draft);
      const stored = added === undefined ? await this.store.lockByKey(tx, draft) : undefined;
      const id = added ?? stored?.id;
      if (id === undefined) throw new Error('a discrepancy that is not new is stored');
      ids.push(id);
      if (stored === undefined) {
        events.push({ discrepancyId: id, action: 'raised', actor: system });
        continue;
      }
      const again = foundAgain(stored, draft);
      if (again === 'unchanged') continue;
      await this.store.refresh(tx, id, draft, 'open');
      if (again === 'reopened')
        events.push({ discrepancyId: id, action: 'reopened', actor: system });
    }
    await this.store.record(tx, events);
    return ids;
  }
}
