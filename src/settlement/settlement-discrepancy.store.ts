/** Statements that find what is overdue or wrong, and what was raised for it: one method each. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';

export interface WantedDiscrepancy {
  readonly kind:
    | 'late-settlement'
    | 'short-settled'
    | 'over-settled'
    | 'unidentified-credit'
    | 'unidentified-debit'
    | 'returned-credit';
  readonly pspId: number | null;
  readonly subject: string;
  readonly expectationId: bigint | null;
  readonly bankEntryId: bigint | null;
  /** What the bank shows. */
  readonly theirMinor: bigint | null;
  /** What was due. */
  readonly ourMinor: bigint | null;
  readonly currency: Currency;
  readonly detail: object;
}

export interface KnownDiscrepancy extends WantedDiscrepancy {
  readonly id: bigint;
  readonly businessDay: BusinessDay;
  readonly state: string;
}

const wanted = sqlFile<[readonly string[]], WantedDiscrepancy>(
  __dirname,
  'sql/settlement-discrepancies.sql',
);

@Injectable()
export class SettlementDiscrepancyStore {
  async wanted(tx: Tx, treasuries: readonly string[]): Promise<readonly WantedDiscrepancy[]> {
    return wanted.run(tx, treasuries);
  }

  /** The latest of each subject comes last. */
  async known(tx: Tx): Promise<readonly KnownDiscrepancy[]> {
    return tx.query<KnownDiscrepancy>(
      `select d.id, d.psp_id as "pspId", d.subject, s.kind, s.expectation_id as "expectationId",
              s.bank_entry_id as "bankEntryId", d.their_amount_minor as "theirMinor", d.our_amount_minor as "ourMinor",
              d.currency, d.detail, d.business_day as "businessDay", d.state
         from settlement_discrepancy s join discrepancy d on d.id = s.discrepancy_id
        order by d.id`,
    );
  }

  async openDay(tx: Tx): Promise<{ day: BusinessDay; closedThrough: string }> {
    const [row] = await tx.query<{ day: BusinessDay; closedThrough: string }>(
      `select business_day_of(gateway_now())::text as day,
              coalesce((select max(day) from closed_day)::text, '') as "closedThrough"`,
    );
    return row as { day: BusinessDay; closedThrough: string };
  }

  async link(tx: Tx, ids: readonly bigint[], found: readonly WantedDiscrepancy[]): Promise<void> {
    await tx.query(
      `insert into settlement_discrepancy (discrepancy_id, kind, expectation_id, bank_entry_id)
       select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[])
       on conflict (discrepancy_id) do nothing`,
      [
        ids,
        found.map((each) => each.kind),
        found.map((each) => each.expectationId),
        found.map((each) => each.bankEntryId),
      ],
    );
  }
}
