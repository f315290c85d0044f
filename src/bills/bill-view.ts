/** A bill as its institution reads it, and what it may search by: what the store finds and the edges show. */
import type { Currency } from '../kernel/money';
import type { BillForm } from './bill-submission';
import type { BillState, PaymentOption } from './bill.rules';

export interface BillView {
  readonly id: string;
  readonly billId: string;
  readonly controlNumber: string;
  readonly groupBillId: string | null;
  /** With an expiry that has passed, whatever the job did. */
  readonly state: BillState;
  readonly option: PaymentOption;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly minimumMinor: bigint;
  readonly limitMinor: bigint | null;
  readonly paidMinor: bigint;
  readonly surplusMinor: bigint;
  readonly form: BillForm;
  readonly version: number;
  readonly generatedAt: Date;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly cancelledAt: Date | null;
  readonly cancelReason: string | null;
  readonly payerId: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly description: string;
  readonly generatedBy: string;
  readonly approvedBy: string;
  readonly subSpCode: string;
  readonly systemId: string;
  /** Amounts in minor units, as text. */
  readonly items: readonly {
    readonly reference: string;
    readonly gfsCode: string;
    readonly subSpCode: string;
    readonly amountMinor: string;
    readonly paidMinor: string;
  }[];
}

export interface BillFilter {
  readonly state?: BillState | undefined;
  readonly currency?: Currency | undefined;
  readonly controlNumber?: string | undefined;
  readonly billId?: string | undefined;
  readonly payerId?: string | undefined;
  readonly createdFrom?: Date | undefined;
  readonly createdBefore?: Date | undefined;
}

export interface ListPage {
  readonly before: string | undefined;
  readonly limit: number;
}
