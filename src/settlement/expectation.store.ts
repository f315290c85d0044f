/** Statements on expectations: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Reader, Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';

export interface PlaceOfDay {
  readonly pspId: number;
  readonly collectionAccount: string;
  readonly currency: Currency;
  readonly clearingDay: BusinessDay;
}

export interface PaidOfDay extends PlaceOfDay {
  readonly paymentCount: number;
  readonly paidMinor: bigint;
  readonly transactionFeesMinor: bigint;
}

export interface AdjustedOfDay extends PlaceOfDay {
  readonly adjustedMinor: bigint;
}

export interface ExpectedOfDay extends PlaceOfDay {
  readonly paymentCount: number;
  readonly paidMinor: bigint;
  readonly keptMinor: bigint;
  readonly apartMinor: bigint;
  readonly reference: string;
  readonly dueAt: Date;
}

const sumPayments = sqlFile<[BusinessDay, BusinessDay], PaidOfDay>(
  __dirname,
  'sql/sum-payments.sql',
);
const sumAdjustments = sqlFile<[], AdjustedOfDay>(__dirname, 'sql/sum-adjustments.sql');
const keep = sqlFile<unknown[], { count: number }>(__dirname, 'sql/keep-expectations.sql');
const keepAdjusted = sqlFile<unknown[], { count: number }>(__dirname, 'sql/keep-adjustments.sql');

const places = (rows: readonly PlaceOfDay[]) => [
  rows.map((row) => row.pspId),
  rows.map((row) => row.collectionAccount),
  rows.map((row) => row.currency),
  rows.map((row) => row.clearingDay),
];

@Injectable()
export class ExpectationStore {
  async paid(reader: Reader, from: BusinessDay, to: BusinessDay): Promise<readonly PaidOfDay[]> {
    return sumPayments.run(reader, from, to);
  }

  async adjusted(reader: Reader): Promise<readonly AdjustedOfDay[]> {
    return sumAdjustments.run(reader);
  }

  async keep(
    tx: Tx,
    rows: readonly ExpectedOfDay[],
    from: BusinessDay,
    to: BusinessDay,
  ): Promise<number> {
    const [row] = await keep.run(
      tx,
      ...places(rows),
      rows.map((each) => each.paymentCount),
      rows.map((each) => each.paidMinor),
      rows.map((each) => each.keptMinor),
      rows.map((each) => each.apartMinor),
      rows.map((each) => each.reference),
      rows.map((each) => each.dueAt),
      from,
      to,
    );
    return row?.count ?? 0;
  }

  async keepAdjusted(
    tx: Tx,
    rows: readonly (AdjustedOfDay & { readonly reference: string; readonly dueAt: Date })[],
  ): Promise<number> {
    const [row] = await keepAdjusted.run(
      tx,
      ...places(rows),
      rows.map((each) => each.adjustedMinor),
      rows.map((each) => each.reference),
      rows.map((each) => each.dueAt),
    );
    return row?.count ?? 0;
  }

  /** The days that may have changed since the last run: from its last day, or from where terms or holidays changed. */
  async staleSince(tx: Tx): Promise<{ from: BusinessDay | null; today: BusinessDay }> {
    const [row] = await tx.query<{ from: BusinessDay | null; today: BusinessDay }>(
      `with last as (select ran_at, through_day from settlement_run order by id desc limit 1)
       select least((select through_day from last),
                    (select min(t.valid_from) from settlement_terms t, last where t.set_at >= last.ran_at),
                    (select min(c.day) - 14 from calendar_day c, last where c.set_at >= last.ran_at and c.set_by <> 'malipo'),
                    case when not exists (select from last) then
                      (select min((select min(p.business_day) from payment p where p.psp_id = y.id))
                         from party y where y.kind = 'payment-service-provider') end)::text as "from",
              business_day_of(gateway_now())::text as today`,
    );
    return row as { from: BusinessDay | null; today: BusinessDay };
  }
}
