/** The report of a business day: runs, open discrepancies, and what was collected for whom, from the ledger. */
import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { BusinessDay } from '../kernel/business-day';
import { formatAmount } from '../kernel/money';
import { Database } from '../platform/database/database';
import { ReconciliationStore } from './reconciliation.store';

/** Amounts are decimal strings; nothing here needs further reading to be printed or sent. */
export interface DayReportView {
  readonly day: BusinessDay;
  readonly runs: readonly {
    readonly pspCode: string;
    readonly isProvisional: boolean;
    readonly hasStatement: boolean;
    readonly lineCount: number;
    readonly paymentCount: number;
    readonly matchCount: number;
    readonly discrepancyCount: number;
  }[];
  readonly discrepancies: readonly {
    readonly pspCode: string;
    readonly kind: string;
    readonly transactionId: string;
    readonly theirAmount: string;
    readonly ourAmount: string;
    readonly currency: string;
  }[];
  readonly collections: readonly {
    readonly account: string;
    readonly currency: string;
    readonly amount: string;
  }[];
}

@Injectable()
export class DayReport {
  constructor(
    private readonly database: Database,
    private readonly store: ReconciliationStore,
  ) {}

  async execute(day: BusinessDay): Promise<DayReportView> {
    const { reader } = this.database;
    const amount = (minor: bigint | null) => (minor === null ? '' : formatAmount(minor));
    const [runs, discrepancies, collections] = await Promise.all([
      this.store.latestRuns(reader, day),
      this.store.openDiscrepancies(reader, day),
      this.store.collections(reader, day),
    ]);
    return {
      day,
      runs,
      discrepancies: discrepancies.map(({ theirMinor, ourMinor, ...rest }) => ({
        ...rest,
        theirAmount: amount(theirMinor),
        ourAmount: amount(ourMinor),
      })),
      collections: collections.map(({ amountMinor, ...rest }) => ({
        ...rest,
        amount: amount(amountMinor),
      })),
    };
  }
}

/** One line per discrepancy. A text that a spreadsheet would run as a formula begins with a quote (F8). */
export function dayReportCsv(view: DayReportView): string {
  return stringify([...view.discrepancies], {
    header: true,
    columns: ['pspCode', 'kind', 'transactionId', 'theirAmount', 'ourAmount', 'currency'],
    escape_formulas: true,
  });
}
