/**
 * An institution's business day, for its reconciliation request: the payments, or the exceptions, which are payments
 * it has not acknowledged and notifications that were refused on its bills (gepg-decisions D4). A past day stands, so
 * that nothing is locked; rows are in order of receipt.
 */
import { Injectable } from '@nestjs/common';
import type { PaymentOption } from '../bills/bill.rules';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import { Database } from '../platform/database/database';
import type { PaymentRefusal } from './payment-outcome';
import { PaymentDayStore } from './payment-day.store';

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
}

@Injectable()
export class PaymentsOfDay {
  constructor(
    private readonly database: Database,
    private readonly store: PaymentDayStore,
  ) {}

  async execute(
    spId: number,
    day: BusinessDay,
    option: 'successful' | 'exceptions',
  ): Promise<readonly PaymentOfDay[]> {
    const { reader } = this.database;
    if (option === 'successful') return this.store.payments(reader, spId, day, false);
    const [refused, unacknowledged] = await Promise.all([
      this.store.refusals(reader, spId, day),
      this.store.payments(reader, spId, day, true),
    ]);
    return [...refused, ...unacknowledged];
  }
}
