/** What an expectation is at a moment, and the sentence that says why a bank's entry is not matched. Pure. */
import { formatAmount } from '../kernel/money';

/**
 * `pending`: not due yet. `late`: due, and no statement of the due day is here. `missing`: due, and the statement is here
 * without it. Only the last two are discrepancies (product.md §7).
 */
export type SettlementState = 'settled' | 'pending' | 'late' | 'missing';

export function settlementState(expectation: {
  /** Gross, less what was cleared. */
  readonly openMinor: bigint;
  /** Of that, the fee which is posted with the last credit. */
  readonly feeOpenMinor: bigint;
  readonly isDue: boolean;
  /** A statement of the account reaches the due day. */
  readonly isStatementIn: boolean;
}): SettlementState {
  if (expectation.openMinor <= expectation.feeOpenMinor) return 'settled';
  if (!expectation.isDue) return 'pending';
  return expectation.isStatementIn ? 'missing' : 'late';
}

export interface MissedCandidate {
  readonly psp: string;
  readonly account: string;
  readonly clearingDay: string;
  readonly expectedMinor: string;
  readonly failed: readonly string[];
}

const failures: Readonly<Record<string, string>> = {
  reference: 'its reference is not in the line',
  sum: 'the sum differs',
  psp: 'the line names another PSP',
  day: 'it is from another time',
  several: 'another one has the same sum',
};

const reasons: Readonly<Record<string, string>> = {
  'nothing-expected': 'Nothing is expected on this account.',
  'sum-differs': 'No reference and no sum fits.',
  ambiguous: 'The sum fits in more than one way.',
  'return-of-nothing': 'It takes back a credit that is not found.',
  'refund-sum': 'It bears the id of a refund, and the sum is not that of the refund.',
  'refund-waiting': 'It bears the id of a refund that is not instructed or not paid.',
  'refund-twice': 'It bears the id of a refund that is explained by another line.',
  'debit-unknown': 'It is no sweep, no charge, no return and no refund.',
};

export function missSentence(reason: string, candidates: readonly MissedCandidate[]): string {
  const nearest = candidates.map(
    (each) =>
      `${each.psp} of ${each.clearingDay}, ${formatAmount(BigInt(each.expectedMinor))}: ` +
      each.failed.map((failure) => failures[failure] ?? failure).join(', '),
  );
  const tried = nearest.length === 0 ? '' : ` Nearest: ${nearest.join('; ')}.`;
  return `${reasons[reason] ?? reason}${tried}`;
}
