/**
 * The columns of the day statement that a PSP sends as CSV, and how its own file differs from them: data of the party,
 * judged when it is enrolled.
 */
import { type CsvMapping, readMapping } from '../platform/csv/csv-mapping.rules';

export const requiredColumns = [
  'transaction_id',
  'control_number',
  'amount',
  'currency',
  'paid_at',
] as const;

/** All that a file may have; `psp` names whose line it is, for PSPs that send several banks' lines. */
export const layoutColumns = [...requiredColumns, 'receipt_number', 'psp'] as const;

/** Refuses: statement.mapping-bad. */
export function readStatementMapping(given: object | null): CsvMapping {
  return readMapping(given, layoutColumns);
}
