/** Statements on the days that institutions asked for. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';

const recordRequest = sqlFile<
  [number, string, BusinessDay, string],
  { isFirst: boolean; inLastHour: number }
>(__dirname, 'sql/record-day-request.sql');

@Injectable()
export class DayBatchStore {
  async now(tx: Tx): Promise<Date> {
    const [row] = await tx.query<{ now: Date }>(`select gateway_now() as now`);
    return (row as { now: Date }).now;
  }

  /** Counts this request with the others of its id and day. */
  async record(
    tx: Tx,
    spId: number,
    requestId: string,
    day: BusinessDay,
    option: string,
  ): Promise<{ isFirst: boolean; inLastHour: number }> {
    const [row] = await recordRequest.run(tx, spId, requestId, day, option);
    return row as { isFirst: boolean; inLastHour: number };
  }
}
