/**
 * How far a business day has come, from what the list of days knows of it: cheap enough for a month at once. Whether it
 * may be closed is for the closing itself to say, which also looks at the books (rulings.md §6).
 */
import type { BusinessDay } from '../kernel/business-day';

/** `ready`: nothing is left to do for reconciliation. */
export const dayStates = ['open', 'ready', 'closed'] as const;
export type DayState = (typeof dayStates)[number];

export interface PspProgress {
  readonly hasStatement: boolean;
  /** The latest run compared the statement that is live now. */
  readonly isCurrent: boolean;
  /** There is no run, or it was made before the day was over or without a statement. */
  readonly isProvisional: boolean;
}

export function dayState(
  day: BusinessDay,
  facts: {
    readonly today: BusinessDay;
    readonly lastClosed: BusinessDay | null;
    readonly psps: readonly PspProgress[];
    /** Discrepancies that wait for somebody and hold the day up. */
    readonly holdingCount: number;
  },
): DayState {
  if (facts.lastClosed !== null && day <= facts.lastClosed) return 'closed';
  if (day >= facts.today || facts.holdingCount > 0) return 'open';
  const isDone = (psp: PspProgress) => psp.hasStatement && psp.isCurrent && !psp.isProvisional;
  return facts.psps.every(isDone) ? 'ready' : 'open';
}
