/** The work list of discrepancies: a page of rows, and the sums of all that is found. Reads only. */
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database';
import {
  DiscrepancyListStore,
  type DiscrepancySum,
  type ListedDiscrepancy,
  type ListFilter,
} from './discrepancy-list.store';

export type { ListFilter };

const pageLength = 100;

@Injectable()
export class ReadDiscrepancies {
  constructor(
    private readonly database: Database,
    private readonly store: DiscrepancyListStore,
  ) {}

  async search(
    filter: ListFilter,
    after: bigint,
  ): Promise<{
    readonly found: readonly ListedDiscrepancy[];
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
}
