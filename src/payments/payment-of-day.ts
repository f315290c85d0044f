/** A row of an institution's business day, as its reconciliation batch shows it. */
import type { PaymentOption } from '../bills/bill.rules';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { PaymentRefusal } from './payment-outcome';

/** One payment on one bill; a combined bill has a row for each part that got money. Amounts are minor units. */
export interface PaymentOfDay {
  readonly paymentId: string;
  readonly billId: string;
  readonly controlNumber: string;
  /** What the payer quoted: the group's number for the parts of a combined bill. */
  readonly customerNumber: string;
  readonly groupBillId: string;
  readonly spCode: string;
  readonly option: PaymentOption;
  readonly billMinor: bigint;
  readonly paidMinor: bigint;
  readonly currency: Currency;
  /** '' for what was refused. */
  readonly receiptNumber: string;
  readonly pspTransactionId: string;
  readonly pspCode: string;
  readonly pspName: string;
  readonly paidAt: Date;
  readonly collectionAccount: string;
  readonly channel: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly refusal: PaymentRefusal | null;
  /** What was taken back of `paidMinor`, and when last; in a row of a reversal, what that one took back. */
  readonly takenBackMinor: bigint;
  readonly takenBackOn: BusinessDay | null;
}
