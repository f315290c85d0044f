/** A PSP's request to reverse a payment, in the words that the files of this folder and the edges share. */
export const reversalReasons = ['wrong-number', 'wrong-amount'] as const;
export type ReversalReason = (typeof reversalReasons)[number];

/** What the PSP says of the mistake. */
export interface ReversalWish {
  readonly transactionId: string;
  readonly reason: ReversalReason;
  readonly note: string;
  /** For a wrong number: what the payer meant, if that is known. */
  readonly intendedControlNumber: string | undefined;
  /** For a wrong amount: what should have been paid; 0 where nothing should. */
  readonly intendedAmountMinor: bigint | undefined;
}

export interface ReversalRequest {
  readonly id: string;
  readonly transactionId: string;
  readonly receiptNumber: string;
  readonly reason: ReversalReason;
  readonly note: string;
  readonly intendedControlNumber: string | null;
  readonly intendedAmountMinor: bigint | null;
  readonly state: 'requested' | 'approved' | 'declined';
  readonly requestedAt: Date;
}
