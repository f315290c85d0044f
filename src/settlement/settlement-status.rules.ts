/** What an expectation is at a moment. Pure. */

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
