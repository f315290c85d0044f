/** A delivery as its recipient reads it: what was owed, and every try at it. */
import type { DeliveryState } from './review.store';

export interface DeliveryView {
  readonly id: bigint;
  readonly kind: string;
  readonly subject: string;
  /** '' for the address of the party file. */
  readonly endpoint: string;
  readonly state: DeliveryState;
  readonly attemptCount: number;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date;
  readonly settledAt: Date | null;
  readonly lastOutcome: string | null;
}

export interface DeliveryAttemptView {
  readonly attempt: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly httpStatus: number | null;
  readonly outcome: string;
}

export interface DeliveryFilter {
  readonly id?: bigint | undefined;
  readonly states?: readonly DeliveryState[] | undefined;
}
