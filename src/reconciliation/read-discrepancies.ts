/** The work list of discrepancies and each one's history. Reads only. */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { Database } from '../platform/database/database';
import {
  type DiscrepancyDetail,
  type DiscrepancyFilter,
  type DiscrepancyPast,
  type DiscrepancySum,
  type DiscrepancyView,
  DiscrepancyListStore,
} from './discrepancy-list.store';

export type { DiscrepancyFilter };

const pageLength = 100;

@Injectable()
export class ReadDiscrepancies {
  constructor(
    private readonly database: Database,
    private readonly store: DiscrepancyListStore,
  ) {}

  /** A page of the list, and the sums of all that the filter finds. */
  async search(
    filter: DiscrepancyFilter,
    after: bigint,
  ): Promise<{
    readonly found: readonly DiscrepancyView[];
    readonly next: bigint | null;
    readonly sums: readonly DiscrepancySum[];
  }> {
    const { reader } = this.database;
    const [rows, sums] = await Promise.all([
      this.store.search(reader, filter, after, pageLength + 1),
      this.store.sums(reader, filter),
    ]);
    const next = rows.length > pageLength ? (rows[pageLength - 1]?.id ?? null) : null;
    return { found: rows.slice(0, pageLength), next, sums };
  }

  /** Refuses: discrepancy.unknown. */
  async one(
    id: bigint,
  ): Promise<{ readonly item: DiscrepancyDetail; readonly past: readonly DiscrepancyPast[] }> {
    const { reader } = this.database;
    const item = await this.store.one(reader, id);
    if (item === undefined) {
      throw new Refusal(
        'discrepancy.unknown',
        `there is no discrepancy ${String(id)}`,
        'not-found',
      );
    }
    return { item, past: await this.store.past(reader, id) };
  }
}
