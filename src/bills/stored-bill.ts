/** A bill as it stands in the books, as payments, enquiries and their answers see it. */
import type { PayableBill } from './bill.rules';

/** A bill as stored, with what its payment needs to know. */
export interface StoredBill extends PayableBill {
  readonly id: string;
  readonly controlNumber: string;
  readonly spId: number;
  readonly spCode: string;
  readonly spName: string;
  readonly spBillId: string;
  readonly version: number;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly description: string;
  /** The institution's collection accounts; a payment that names another is refused. */
  readonly spAccounts: readonly string[];
}
