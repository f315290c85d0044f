/** Statements on closed days. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader, Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';

const keepDaySums = sqlFile<readonly [BusinessDay], object>(__dirname, 'sql/keep-day-sums.sql');

@Injectable()
export class ClosedDayStore {
  async latest(reader: Reader): Promise<BusinessDay | undefined> {
    const [row] = await reader.query<{ day: BusinessDay | null }>(
      `select max(day)::text as day from closed_day`,
    );
    return row?.day ?? undefined;
  }

  async today(reader: Reader): Promise<BusinessDay> {
    const [row] = await reader.query<{ day: BusinessDay }>(
      `select business_day_of(gateway_now())::text as day`,
    );
    if (row === undefined) throw new Error('the clock has one row');
    return row.day;
  }

  async hold(tx: Tx, day: BusinessDay): Promise<void> {
    await tx.query(`select hold_day($1)`, [day]);
  }

  /** With the sums of its accounts, which do not change any more. */
  async add(tx: Tx, day: BusinessDay): Promise<void> {
    await tx.query(`insert into closed_day (day) values ($1)`, [day]);
    await keepDaySums.run(tx, day);
  }
}
