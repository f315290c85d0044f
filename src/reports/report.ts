/**
 * A report, in one shape for the screen, the files and the e-mail: typed columns, rows that are streamed from one
 * instant of the database, and, once they are through, their totals and digest. Money is in minor units of the currency
 * of its row; currencies are never added.
 */
import type { Currency } from '../kernel/money';
import type { Language } from '../platform/locale/locale';
import type { Cell, ColumnKind } from './cell-text.rules';

export interface Column {
  readonly key: string;
  readonly heading: string;
  readonly kind: ColumnKind;
  /** Summed at the end, by currency. */
  readonly isTotalled: boolean;
}

export type Row = readonly Cell[];

export interface Total {
  /** Undefined for a report without money. */
  readonly currency: Currency | undefined;
  /** By column; null where the column is not summed. */
  readonly cells: readonly (bigint | null)[];
}

export interface ReportSummary {
  readonly rowCount: number;
  readonly totals: readonly Total[];
  /** SHA-256 over name, parameters and rows: two files of one digest say the same. */
  readonly digest: string;
}

export interface ReportHead {
  readonly name: string;
  readonly language: Language;
  readonly title: string;
  /** As a person reads them. */
  readonly parameters: readonly { readonly label: string; readonly value: string }[];
  readonly columns: readonly Column[];
  readonly askedBy: string;
  readonly madeAt: Date;
}

export interface Report extends ReportHead {
  /** To be read once, from first to last. */
  readonly rows: AsyncIterable<Row>;
  /** Faults while rows are left. */
  summary(): ReportSummary;
}
