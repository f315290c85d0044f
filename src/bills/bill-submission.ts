/**
 * What an institution asks for its bills, and what it is told, in our own words: the contract between the protocol
 * edges and the bills folder. Fields are texts exactly as received. Rules: product.md §2; gepg-protocol.md §3.1, §3.8.
 */
import type { BillDraft, BillFault, ItemDraft } from './bill-content.rules';

/** The form a bill came in; its answer, its confirmations and its batches go out in the same (gepg-decisions A3). */
export type BillForm = 'gepg-v4' | 'gepg-v5' | 'json';

/** Bills of one institution, each for itself. */
export interface BillSubmission {
  readonly form: BillForm;
  readonly drafts: readonly BillDraft[];
}

/** Bills of several institutions under one control number (a combined bill). All are taken or none. */
export interface GroupSubmission {
  readonly form: BillForm;
  /** The code of the enrolled group (`SPG…`), or of an institution; an unknown group is taken and flagged. */
  readonly groupCode: string;
  /** The submitter's id of the whole: what is repeated, cancelled and confirmed. */
  readonly groupBillId: string;
  readonly systemId: string;
  /** The group's control number, to use it again; '' for a new one. */
  readonly reusedNumber: string;
  readonly parts: readonly BillDraft[];
}

/** A change of an unpaid bill. '' leaves a field as it is; `items` undefined leaves amount and items as they are. */
export interface BillChange {
  readonly billId: string;
  readonly systemId: string;
  readonly expiresAt: string;
  /** The whole bill again, when the institution sent it; undefined in the three-field form. */
  readonly draft?: BillDraft;
  /** Amount and items alone, over what the bill says now. '' and undefined leave what is there. */
  readonly terms?: { readonly amount: string; readonly items: readonly ItemDraft[] | undefined };
}

export type SubmissionFault =
  | BillFault
  | 'bill.id-duplicate'
  | 'bill.numbers-exhausted'
  | 'bill.number-in-use'
  | 'bill.number-partly-paid'
  | 'control-number.malformed'
  | 'control-number.unknown'
  | 'group.member-unknown'
  | 'group.terms-different';

export type ChangeFault =
  | BillFault
  | 'bill.unknown'
  | 'bill.cancelled'
  | 'bill.settled'
  | 'bill.expired'
  | 'bill.partly-paid';

export interface BillAnswer {
  readonly billId: string;
  /** The number, also beside faults where one exists (a duplicate BillId). */
  readonly controlNumber: string | null;
  /** Empty when the bill was taken or changed. */
  readonly faults: readonly (SubmissionFault | ChangeFault)[];
}

export interface GroupAnswer {
  readonly groupBillId: string;
  readonly controlNumber: string | null;
  /** Of the whole; those of a part stand at the part. */
  readonly faults: readonly SubmissionFault[];
  readonly parts: readonly BillAnswer[];
}
