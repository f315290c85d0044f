/**
 * Which line of a PSP's day statement is which payment, and what is wrong with the rest (product.md §7). This is the
 * specification: sql/match-lines.sql and sql/raise-discrepancies.sql do the same over a whole day at once, and
 * test/properties/matching-agreement.spec.ts requires the two to agree.
 *
 * A line or a payment is matched at most once, also across days, and always over the same sum in the same currency.
 * A line whose transaction id we know belongs to that id alone: the weaker rules are for lines under a strange id.
 */
import { addDays, type BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { StatementLine } from './statement.rules';

/** In order: a later rule sees only what the earlier ones left. */
export const matchRules = ['transaction-id', 'number-amount-day', 'receipt-number'] as const;
export type MatchRule = (typeof matchRules)[number];

/** What a run over a PSP's day can find; the other kinds are settlement's. */
export const matchingKinds = [
  'amount-differs',
  'currency-differs',
  'duplicate-line',
  'missing-here',
  'missing-there',
  'refused-here',
  'unknown-number',
  'wrong-day',
] as const;
export type MatchingKind = (typeof matchingKinds)[number];

export type DayLine = Omit<StatementLine, 'paidAt'>;

export interface DayPayment {
  readonly id: string;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly receiptNumber: string;
  readonly receivedAt: Date;
  readonly businessDay: BusinessDay;
  /** The day whose latest run has matched it, if that is another day than ours: it is not free any more. */
  readonly matchedOn: BusinessDay | undefined;
}

/** What one run compares, all of one PSP. */
export interface MatchingDay {
  readonly day: BusinessDay;
  /** Undefined while there is no statement: then nothing is missing there yet. */
  readonly lines: readonly DayLine[] | undefined;
  readonly payments: readonly DayPayment[];
  /** Transaction ids of notifications that we refused. */
  readonly refusedIds: ReadonlySet<string>;
  readonly issuedNumbers: ReadonlySet<string>;
}

export interface LineMatch {
  readonly line: number;
  readonly paymentId: string;
  readonly rule: MatchRule;
}

export interface DayDiscrepancy {
  readonly kind: MatchingKind;
  /** The transaction id; of a repeated line with `#` and which occurrence it is. One per kind. */
  readonly subject: string;
}

export interface MatchedDay {
  readonly matches: readonly LineMatch[];
  readonly discrepancies: readonly DayDiscrepancy[];
}

const isSameSum = (line: DayLine, payment: DayPayment): boolean =>
  line.amountMinor === payment.amountMinor && line.currency === payment.currency;

const tests: Record<MatchRule, (line: DayLine, payment: DayPayment, day: BusinessDay) => boolean> =
  {
    'transaction-id': (line, payment) => line.transactionId === payment.transactionId,
    'number-amount-day': (line, payment, day) =>
      line.controlNumber === payment.controlNumber &&
      payment.businessDay >= addDays(day, -1) &&
      payment.businessDay <= addDays(day, 1),
    'receipt-number': (line, payment) => line.receiptNumber === payment.receiptNumber,
  };

/** Payments of the day itself go first, then by the time of receipt. */
function inOrder(payments: readonly DayPayment[], day: BusinessDay): readonly DayPayment[] {
  const key = (payment: DayPayment) =>
    `${payment.businessDay === day ? '0' : '1'} ${payment.receivedAt.toISOString()} ${payment.id}`;
  return [...payments].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Per line, whether it is the first, second … of its transaction id in this statement. */
function occurrences(lines: readonly DayLine[]): ReadonlyMap<DayLine, number> {
  const seen = new Map<string, number>();
  const result = new Map<DayLine, number>();
  for (const line of [...lines].sort((a, b) => a.line - b.line)) {
    const occurrence = (seen.get(line.transactionId) ?? 0) + 1;
    seen.set(line.transactionId, occurrence);
    result.set(line, occurrence);
  }
  return result;
}

export function matchDay(input: MatchingDay): MatchedDay {
  const occurrenceOf = occurrences(input.lines ?? []);
  const paymentOf = new Map(input.payments.map((each) => [each.transactionId, each]));
  const reportedIds = new Set((input.lines ?? []).map((line) => line.transactionId));
  const payments = inOrder(input.payments, input.day).filter(
    (each) => each.matchedOn === undefined,
  );
  const matches: LineMatch[] = [];
  const matchedLines = new Set<DayLine>();
  const matchedPayments = new Set<DayPayment>();

  for (const rule of matchRules) {
    for (const [line, occurrence] of occurrenceOf) {
      const isStrange =
        !paymentOf.has(line.transactionId) && !input.refusedIds.has(line.transactionId);
      if (occurrence > 1 || matchedLines.has(line)) continue;
      if (rule !== 'transaction-id' && !isStrange) continue;
      const payment = payments.find(
        (each) =>
          !matchedPayments.has(each) &&
          (rule === 'transaction-id' || !reportedIds.has(each.transactionId)) &&
          isSameSum(line, each) &&
          tests[rule](line, each, input.day),
      );
      if (payment === undefined) continue;
      matches.push({ line: line.line, paymentId: payment.id, rule });
      matchedLines.add(line);
      matchedPayments.add(payment);
    }
  }

  const discrepancies: DayDiscrepancy[] = [];
  for (const [line, occurrence] of occurrenceOf) {
    if (matchedLines.has(line)) continue;
    const kind = kindOf(line, occurrence, paymentOf.get(line.transactionId), input);
    const suffix = kind === 'duplicate-line' ? `#${String(occurrence)}` : '';
    discrepancies.push({ kind, subject: `${line.transactionId}${suffix}` });
  }
  for (const payment of payments) {
    const isExpected = input.lines !== undefined && payment.businessDay === input.day;
    if (!isExpected || matchedPayments.has(payment) || reportedIds.has(payment.transactionId))
      continue;
    discrepancies.push({ kind: 'missing-there', subject: payment.transactionId });
  }
  return { matches, discrepancies };
}

/** What is wrong with a line that no rule matched; the first that holds. */
function kindOf(
  line: DayLine,
  occurrence: number,
  payment: DayPayment | undefined,
  { day, refusedIds, issuedNumbers }: MatchingDay,
): MatchingKind {
  if (occurrence > 1) return 'duplicate-line';
  if (payment?.matchedOn !== undefined) {
    const isNeighbour = [addDays(day, -1), addDays(day, 1)].includes(payment.matchedOn);
    return isNeighbour ? 'wrong-day' : 'duplicate-line';
  }
  if (payment !== undefined) {
    return payment.currency === line.currency ? 'amount-differs' : 'currency-differs';
  }
  if (refusedIds.has(line.transactionId)) return 'refused-here';
  return issuedNumbers.has(line.controlNumber) ? 'missing-here' : 'unknown-number';
}
