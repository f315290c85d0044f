/**
 * A PSP's day statement as rows of text, to typed lines or to faults by line number. All or nothing: one bad line and
 * nothing is imported (security-reliability F7). Amounts are minor units; times are UTC instants.
 * Columns: transaction_id, control_number, amount, currency, paid_at, receipt_number and psp (optional), in any order.
 */
import { parseWireInstant } from '../kernel/business-day';
import { type Currency, isCurrency, parsePlainAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { requiredColumns } from '../parties/statement-mapping.rules';

export interface RawLine {
  /** Line of the file, the header being 1. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface StatementLine {
  readonly line: number;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly receiptNumber: string;
  readonly paidAt: Date;
}

export interface LineFault {
  readonly line: number;
  readonly column: string;
  readonly reason: string;
}

function positiveAmount(text: string): bigint | undefined {
  try {
    const minor = parsePlainAmount(text);
    return minor > 0n ? minor : undefined;
  } catch (fault) {
    if (fault instanceof Refusal) return undefined;
    throw fault;
  }
}

/** The columns that the header lacks, as faults of line 1. */
export function checkHeader(columns: readonly string[]): readonly LineFault[] {
  return requiredColumns
    .filter((column) => !columns.includes(column))
    .map((column) => ({ line: 1, column, reason: 'the column is missing' }));
}

export function readLine({ line, cells }: RawLine): StatementLine | readonly LineFault[] {
  const faults: LineFault[] = [];
  const cell = (column: string) => (cells[column] ?? '').trim();
  const fault = (column: string, reason: string) => faults.push({ line, column, reason });
  const transactionId = cell('transaction_id');
  const controlNumber = cell('control_number');
  const amountMinor = positiveAmount(cell('amount'));
  const currency = cell('currency');
  const paidAt = parseWireInstant(cell('paid_at'));
  if (!/^[\x21-\x7e]{1,100}$/.test(transactionId))
    fault('transaction_id', 'wanted 1 to 100 printable characters');
  if (!/^\d{1,20}$/.test(controlNumber)) fault('control_number', 'wanted digits');
  if (amountMinor === undefined) fault('amount', 'wanted an amount like 1500 or 1500.50');
  if (!isCurrency(currency)) fault('currency', 'wanted TZS or USD');
  if (paidAt === undefined) fault('paid_at', 'wanted a time like 2026-11-24T10:00:00');
  if (
    faults.length > 0 ||
    amountMinor === undefined ||
    paidAt === undefined ||
    !isCurrency(currency)
  )
    return faults;
  return {
    line,
    transactionId,
    controlNumber,
    amountMinor,
    currency,
    receiptNumber: cell('receipt_number'),
    paidAt,
  };
}
