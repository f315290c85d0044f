/**
 * An institution's business day, for its reconciliation request: the payments, or the exceptions: notifications that
 * were refused on its bills, what was taken back on that day, of whatever day the payment is, and payments that it has
 * not acknowledged (gepg-decisions D4). A past day stands, so that nothing is locked; rows are in order of receipt.
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { Database } from '../platform/database/database';
import type { PaymentOfDay } from './payment-of-day';
import { PaymentDayStore } from './payment-day.store';

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
    const [refused, takenBack, unacknowledged] = await Promise.all([
      this.store.refusals(reader, spId, day),
      this.store.reversals(reader, spId, day),
      this.store.payments(reader, spId, day, true),
    ]);
    return [...refused, ...takenBack, ...unacknowledged];
  }
}
