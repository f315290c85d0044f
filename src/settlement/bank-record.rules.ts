/**
 * A bank statement as it is kept: of an account that we know, in a currency that we keep, every booked entry with its day.
 * Pure. What cannot be kept exactly is refused in a sentence. Rules: rulings.md §8 (posted at import), product.md §7.
 */
import { createHash } from 'crypto';
import type { BusinessDay } from '../kernel/business-day';
import { canonicalJson } from '../kernel/canonical-json';
import { type Currency, isCurrency } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import type {
  BankEntry,
  BankFileFormat,
  BankStatement,
} from '../reconciliation/bank-statement.rules';

export interface BankEntryRecord {
  readonly place: number;
  readonly lineNumber: number;
  readonly path: string;
  readonly direction: 'credit' | 'debit';
  readonly amountMinor: bigint;
  readonly bookingDay: BusinessDay;
  readonly valueDay: BusinessDay | null;
  readonly isReversal: boolean;
  readonly bankReference: string;
  readonly endToEndId: string;
  readonly remittance: string;
  readonly counterpartyName: string;
  readonly counterpartyAccount: string;
  readonly transactionCode: string;
  readonly returnReason: string;
  /** References and sums of the transactions that a batched entry holds. */
  readonly details: readonly object[];
  /** Which of several that look alike in this statement it is. */
  readonly occurrence: number;
}

export interface BankStatementRecord {
  readonly account: string;
  readonly currency: Currency;
  readonly format: BankFileFormat;
  readonly bankId: string;
  readonly sequence: string;
  readonly firstDay: BusinessDay;
  readonly lastDay: BusinessDay;
  readonly openingMinor: bigint | null;
  readonly closingMinor: bigint | null;
  readonly entries: readonly BankEntryRecord[];
  readonly contentDigest: Buffer;
}

function recordEntry(
  entry: BankEntry,
  place: number,
  fallbackDay: BusinessDay | undefined,
  occurrences: Map<string, number>,
): BankEntryRecord {
  const bookingDay = entry.bookingDay ?? entry.valueDay ?? fallbackDay;
  if (bookingDay === undefined) {
    throw new Refusal(
      'bank-statement.day-missing',
      `line ${String(entry.line)}, ${entry.path}: the entry has no booking day, and neither has its statement`,
      'unprocessable',
    );
  }
  const key = [entry.bankReference, bookingDay, entry.direction, entry.amountMinor].join(' ');
  const occurrence = (occurrences.get(key) ?? 0) + 1;
  occurrences.set(key, occurrence);
  return {
    place,
    lineNumber: entry.line,
    path: entry.path,
    direction: entry.direction,
    amountMinor: entry.amountMinor,
    bookingDay,
    valueDay: entry.valueDay ?? null,
    isReversal: entry.isReversal,
    bankReference: entry.bankReference,
    endToEndId: entry.endToEndId,
    remittance: entry.remittance,
    counterpartyName: entry.counterparty.name,
    counterpartyAccount: entry.counterparty.account,
    transactionCode: entry.transactionCode,
    returnReason: entry.returnReason,
    details: entry.details.map((each) => ({
      amountMinor: each.amountMinor?.toString() ?? null,
      endToEndId: each.endToEndId,
      bankReference: each.bankReference,
      remittance: each.remittance,
      counterpartyName: each.counterparty.name,
      counterpartyAccount: each.counterparty.account,
      returnReason: each.returnReason,
    })),
    occurrence,
  };
}

/**
 * `account`: as it is enrolled. `today`: no bank has booked what comes later. Entries of nothing are left out.
 * Refuses: bank-statement.currency-foreign, bank-statement.day-missing, bank-statement.day-future,
 * bank-statement.reference-missing.
 */
export function recordStatement(
  statement: BankStatement,
  format: BankFileFormat,
  account: string,
  currency: string,
  today: BusinessDay,
): BankStatementRecord {
  if (!isCurrency(currency)) {
    throw new Refusal(
      'bank-statement.currency-foreign',
      `line ${String(statement.line)}: the statement is in ${currency}; the gateway keeps TZS and USD`,
      'unprocessable',
    );
  }
  const { opening, closing } = statement;
  const fallbackDay = statement.lastDay ?? closing?.day ?? statement.firstDay;
  const occurrences = new Map<string, number>();
  const entries = statement.entries
    .filter((entry) => entry.status === 'booked' && entry.amountMinor > 0n)
    .map((entry, place) => recordEntry(entry, place, fallbackDay, occurrences));
  const days = entries.map((entry) => entry.bookingDay).sort();
  const firstDay = days[0] ?? statement.firstDay ?? opening?.day ?? fallbackDay;
  const lastDay = [...days, ...(fallbackDay === undefined ? [] : [fallbackDay])].sort().at(-1);
  if (firstDay === undefined || lastDay === undefined) {
    throw new Refusal(
      'bank-statement.day-missing',
      `line ${String(statement.line)}: the statement names no day`,
      'unprocessable',
    );
  }
  const future = entries.find((entry) => entry.bookingDay > today);
  if (future !== undefined) {
    throw new Refusal(
      'bank-statement.day-future',
      `line ${String(future.lineNumber)}, ${future.path}: booked on ${future.bookingDay}, which is after today`,
      'unprocessable',
    );
  }
  const nameless = entries.find((entry) => entry.bankReference === '');
  if (format === 'camt.054' && nameless !== undefined) {
    throw new Refusal(
      'bank-statement.reference-missing',
      `line ${String(nameless.lineNumber)}, ${nameless.path}: without the bank's reference the statement would count it again`,
      'unprocessable',
    );
  }
  const record = {
    account,
    currency,
    format,
    bankId: statement.id,
    sequence: statement.sequence,
    firstDay:
      statement.firstDay !== undefined && statement.firstDay < firstDay
        ? statement.firstDay
        : firstDay,
    lastDay,
    openingMinor: opening?.signedMinor ?? null,
    closingMinor: closing?.signedMinor ?? null,
  };
  const content = canonicalJson({
    ...record,
    openingMinor: record.openingMinor?.toString(),
    closingMinor: record.closingMinor?.toString(),
    entries: entries.map((entry) => [
      entry.bookingDay,
      entry.direction,
      entry.amountMinor.toString(),
      entry.bankReference,
      entry.endToEndId,
      entry.remittance,
      entry.counterpartyAccount,
    ]),
  });
  return { ...record, entries, contentDigest: createHash('sha256').update(content).digest() };
}
