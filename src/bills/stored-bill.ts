/** Bills as they stand in the books, as payments, enquiries and their answers see them. */
import type { BillForm } from './bill-submission';
import type { PayableBill } from './bill.rules';

/** A bill as stored, with what its payment needs to know. */
export interface StoredBill extends PayableBill {
  readonly id: string;
  /** Its own number; that of a part of a group is not payable by itself. */
  readonly controlNumber: string;
  readonly form: BillForm;
  readonly spId: number;
  readonly spCode: string;
  readonly spName: string;
  readonly spBillId: string;
  readonly version: number;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly description: string;
}

/** What ties the parts of a combined bill together. */
export interface StoredGroup {
  readonly id: string;
  readonly code: string;
  /** The submitter's id of the whole. */
  readonly billId: string;
  readonly spCode: string;
  readonly form: BillForm;
}

/** What a payable number currently stands for: one bill, or the parts of a group in their order. */
export interface StoredNumber {
  readonly controlNumber: string;
  readonly group?: StoredGroup;
  readonly bills: readonly [StoredBill, ...StoredBill[]];
}

/** The institution that submitted the bill or the group: the one that hears of payments. */
export function submitterOf(stored: StoredNumber): string {
  return stored.group?.spCode ?? stored.bills[0].spCode;
}
