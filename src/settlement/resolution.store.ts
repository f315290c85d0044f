/** Statements that resolutions of settlement need: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Reader, Tx } from '../platform/database/database';
import type { MatchKind } from './settlement-entries.rules';

export interface ExpectationToResolve {
  readonly id: bigint;
  readonly pspCode: string;
  readonly collectionAccount: string;
  readonly currency: Currency;
  readonly clearingDay: BusinessDay;
  readonly openMinor: bigint;
  readonly feeOpenMinor: bigint;
}

export interface EntryToResolve {
  readonly id: bigint;
  readonly account: string;
  readonly currency: Currency;
  readonly bookingDay: BusinessDay;
  readonly direction: 'credit' | 'debit';
  /** What nothing explains. */
  readonly leftMinor: bigint;
  readonly endToEndId: string;
}

export interface MatchToUndo {
  readonly kind: MatchKind;
  readonly refundId: string | null;
  /** Of the discrepancy when it was resolved so. */
  readonly revision: number;
  readonly expectationId: bigint | null;
  readonly pspCode: string | null;
  readonly collectionAccount: string | null;
  readonly amountMinor: bigint;
  readonly clearedMinor: bigint;
  readonly feeMinor: bigint;
}

const expectationColumns = `e.id, p.code as "pspCode", e.collection_account as "collectionAccount", e.currency,
  e.clearing_day as "clearingDay", e.open_minor as "openMinor", e.fee_open_minor as "feeOpenMinor"`;

@Injectable()
export class ResolutionStore {
  async expectationOf(
    reader: Reader,
    discrepancyId: bigint,
  ): Promise<ExpectationToResolve | undefined> {
    const [row] = await reader.query<ExpectationToResolve>(
      `select ${expectationColumns}
         from settlement_discrepancy s join expectation_state e on e.id = s.expectation_id join party p on p.id = e.psp_id
        where s.discrepancy_id = $1`,
      [discrepancyId],
    );
    return row;
  }

  async findExpectation(
    reader: Reader,
    psp: string,
    account: string,
    currency: string,
    day: BusinessDay,
  ): Promise<ExpectationToResolve | undefined> {
    const [row] = await reader.query<ExpectationToResolve>(
      `select ${expectationColumns}
         from expectation_state e join party p on p.id = e.psp_id
        where p.code = $1 and e.collection_account = $2 and e.currency = $3 and e.clearing_day = $4`,
      [psp, account, currency, day],
    );
    return row;
  }

  async entryOf(reader: Reader, discrepancyId: bigint): Promise<EntryToResolve | undefined> {
    const [row] = await reader.query<EntryToResolve>(
      `select e.id, e.account, e.currency, e.booking_day as "bookingDay", e.direction, e.end_to_end_id as "endToEndId",
              (e.amount_minor - coalesce((select sum(b.amount_minor) from bank_match b where b.bank_entry_id = e.id), 0)
              )::bigint as "leftMinor"
         from settlement_discrepancy s join bank_entry e on e.id = s.bank_entry_id
        where s.discrepancy_id = $1`,
      [discrepancyId],
    );
    return row;
  }

  /** What the last resolution of a discrepancy matched, if it is not undone. */
  async matchesOf(tx: Tx, discrepancyId: bigint): Promise<readonly MatchToUndo[]> {
    return tx.query<MatchToUndo>(
      `with made as (
         select b.kind, b.inputs->>'refund' as "refundId", (b.inputs->>'revision')::integer as revision,
                b.expectation_id as "expectationId", p.code as "pspCode",
                x.collection_account as "collectionAccount", sum(b.amount_minor)::bigint as "amountMinor",
                sum(b.cleared_minor)::bigint as "clearedMinor", sum(b.fee_minor)::bigint as "feeMinor"
           from settlement_discrepancy s
           join bank_match b on b.bank_entry_id = s.bank_entry_id and b.inputs->>'discrepancy' = $1::bigint::text
           left join expectation x on x.id = b.expectation_id left join party p on p.id = x.psp_id
          where s.discrepancy_id = $1
          group by b.kind, 2, 3, b.expectation_id, p.code, x.collection_account having sum(b.amount_minor) <> 0)
       select * from made where revision = (select max(revision) from made)`,
      [discrepancyId],
    );
  }

  async today(reader: Reader): Promise<BusinessDay> {
    const [row] = await reader.query<{ day: BusinessDay }>(
      `select business_day_of(gateway_now())::text as day`,
    );
    return (row as { day: BusinessDay }).day;
  }
}
