/** Statements on the payments of a business day. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import type { PaymentOfDay } from './payment-of-day';

const paymentsOfDay = sqlFile<[number, BusinessDay, boolean], PaymentOfDay>(
  __dirname,
  'sql/payments-of-day.sql',
);
const refusalsOfDay = sqlFile<[number, BusinessDay], PaymentOfDay>(
  __dirname,
  'sql/refusals-of-day.sql',
);
const reversalsOfDay = sqlFile<[number, BusinessDay], PaymentOfDay>(
  __dirname,
  'sql/reversals-of-day.sql',
);

@Injectable()
export class PaymentDayStore {
  async payments(
    reader: Reader,
    spId: number,
    day: BusinessDay,
    isOnlyUnacknowledged: boolean,
  ): Promise<readonly PaymentOfDay[]> {
    return paymentsOfDay.run(reader, spId, day, isOnlyUnacknowledged);
  }

  async refusals(reader: Reader, spId: number, day: BusinessDay): Promise<readonly PaymentOfDay[]> {
    return refusalsOfDay.run(reader, spId, day);
  }

  async reversals(
    reader: Reader,
    spId: number,
    day: BusinessDay,
  ): Promise<readonly PaymentOfDay[]> {
    return reversalsOfDay.run(reader, spId, day);
  }
}
