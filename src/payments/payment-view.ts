/** A payment as the institution reads it: its own part of it, never that of others in a combined bill. */
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';

export interface PaymentView {
  readonly id: string;
  readonly receiptNumber: string;
  readonly controlNumber: string;
  readonly currency: Currency;
  /** Of this institution's bills, surplus included. */
  readonly amountMinor: bigint;
  readonly surplusMinor: bigint;
  readonly pspCode: string;
  readonly pspName: string;
  readonly pspTransactionId: string;
  readonly channel: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly paidAt: Date;
  readonly receivedAt: Date;
  readonly businessDay: BusinessDay;
  /** Amounts in minor units, as text. */
  readonly bills: readonly {
    readonly billId: string;
    readonly collectionAccount: string;
    readonly amountMinor: string;
    readonly surplusMinor: string;
  }[];
}

export interface PaymentFilter {
  readonly id?: string | undefined;
  readonly receiptNumber?: string | undefined;
  readonly controlNumber?: string | undefined;
  readonly billId?: string | undefined;
  readonly day?: BusinessDay | undefined;
}

export interface DayTotal {
  readonly currency: Currency;
  readonly pspCode: string;
  readonly count: number;
  readonly amountMinor: bigint;
  readonly surplusMinor: bigint;
}
