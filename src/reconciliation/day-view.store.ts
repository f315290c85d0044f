/** Statements that show days, and what a PSP's day was compared with: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader } from '../platform/database/database';
import type { DiscrepancyKind, DiscrepancyState } from './discrepancy.rules';
import type { MatchRule } from './matching.rules';

/** One PSP on one day: its live statement, the latest run, and what waits for somebody. */
export interface PspDay {
  readonly day: BusinessDay;
  readonly pspCode: string;
  readonly revision: number | null;
  readonly fileName: string | null;
  readonly importedBy: string | null;
  readonly importedAt: Date | null;
  readonly hasStatement: boolean;
  readonly ranAt: Date | null;
  readonly isProvisional: boolean;
  readonly isCurrent: boolean;
  readonly lineCount: number;
  readonly paymentCount: number;
  readonly matchCount: number;
  readonly openCount: number;
}

export interface MatchedLine {
  readonly id: bigint;
  readonly line: number;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly ourTransactionId: string;
  readonly receiptNumber: string;
  readonly ourDay: BusinessDay;
  readonly rule: MatchRule;
}

/** A line or a payment of the latest run that found no other side; whichever is absent is null. */
export interface UnmatchedSide {
  readonly id: bigint;
  readonly kind: DiscrepancyKind;
  readonly state: DiscrepancyState;
  readonly subject: string;
  readonly line: number | null;
  readonly transactionId: string | null;
  readonly receiptNumber: string | null;
  readonly theirMinor: bigint | null;
  readonly ourMinor: bigint | null;
  readonly currency: string;
}

@Injectable()
export class DayViewStore {
  async bounds(
    reader: Reader,
  ): Promise<{ readonly today: BusinessDay; readonly lastClosed: BusinessDay | null }> {
    const [row] = await reader.query<{ today: BusinessDay; lastClosed: BusinessDay | null }>(
      `select business_day_of(gateway_now())::text as today, (select max(day)::text from closed_day) as "lastClosed"`,
    );
    if (row === undefined) throw new Error('the clock has one row');
    return row;
  }

  async now(reader: Reader): Promise<Date> {
    const [row] = await reader.query<{ at: Date }>(`select gateway_now() as at`);
    if (row === undefined) throw new Error('the clock has one row');
    return row.at;
  }

  /** The latest day first. A probe of an index for each PSP and day: 31 days of 60 PSPs are 1,860. */
  async days(reader: Reader, first: BusinessDay, last: BusinessDay): Promise<readonly PspDay[]> {
    return reader.query<PspDay>(
      `select d.day::text as day, p.code as "pspCode", s.revision, s.file_name as "fileName",
              s.imported_by as "importedBy", s.imported_at as "importedAt", s.id is not null as "hasStatement",
              r.ran_at as "ranAt", coalesce(r.is_provisional, true) as "isProvisional",
              r.id is not null and r.statement_id is not distinct from s.id as "isCurrent",
              coalesce(s.line_count, 0) as "lineCount", coalesce(r.payment_count, 0) as "paymentCount",
              coalesce(r.match_count, 0) as "matchCount", o.count as "openCount"
         from (select g::date as day from generate_series($1::date, $2::date, interval '1 day') g) d
        cross join party p
         left join statement s on s.psp_id = p.id and s.business_day = d.day and s.is_live
         left join reconciliation_run r on r.psp_id = p.id and r.business_day = d.day and r.is_latest
        cross join lateral (select count(*)::integer as count from discrepancy x
                             where x.psp_id = p.id and x.business_day = d.day
                               and x.state in ('open', 'awaiting-approval')
                               and not exists (select from discrepancy_carry c where c.discrepancy_id = x.id)) o
        where p.kind = 'payment-service-provider'
          and (s.id is not null or r.id is not null or o.count > 0
               or exists (select from payment y where y.psp_id = p.id and y.business_day = d.day))
        order by d.day desc, p.code`,
      [first, last],
    );
  }

  /** What holds each day up, also of no PSP; money that is late at the bank does not. */
  async holding(
    reader: Reader,
    first: BusinessDay,
    last: BusinessDay,
  ): Promise<readonly { readonly day: BusinessDay; readonly count: number }[]> {
    return reader.query(
      `select business_day::text as day, count(*)::integer as count from discrepancy
        where business_day between $1 and $2 and state in ('open', 'awaiting-approval')
          and kind <> 'late-settlement'
        group by business_day order by business_day`,
      [first, last],
    );
  }

  async psps(reader: Reader): Promise<readonly string[]> {
    const rows = await reader.query<{ code: string }>(
      `select code from party where kind = 'payment-service-provider' order by code`,
    );
    return rows.map(({ code }) => code);
  }

  async latestRun(
    reader: Reader,
    pspCode: string,
    day: BusinessDay,
  ): Promise<{ readonly id: bigint; readonly hasStatement: boolean } | undefined> {
    const [row] = await reader.query<{ id: bigint; hasStatement: boolean }>(
      `select r.id, r.statement_id is not null as "hasStatement"
         from reconciliation_run r join party p on p.id = r.psp_id
        where p.code = $1 and r.business_day = $2 and r.is_latest`,
      [pspCode, day],
    );
    return row;
  }

  /** In the order of the statement, after the match `after`. */
  async matched(
    reader: Reader,
    runId: bigint,
    after: bigint,
    limit: number,
  ): Promise<readonly MatchedLine[]> {
    return reader.query<MatchedLine>(
      `select l.id, l.line_number as line, l.psp_transaction_id as "transactionId",
              l.control_number as "controlNumber", l.amount_minor as "amountMinor", l.currency,
              y.psp_transaction_id as "ourTransactionId", y.receipt_number as "receiptNumber",
              y.business_day::text as "ourDay", m.rule
         from match m
         join statement_line l on l.id = m.statement_line_id
         join payment y on y.id = m.payment_id
        where m.run_id = $1 and m.statement_line_id > $2
        order by m.statement_line_id limit $3`,
      [runId, after, limit],
    );
  }

  async unmatched(
    reader: Reader,
    runId: bigint,
    after: bigint,
    limit: number,
  ): Promise<readonly UnmatchedSide[]> {
    return reader.query<UnmatchedSide>(
      `select d.id, d.kind, d.state, d.subject, l.line_number as line,
              l.psp_transaction_id as "transactionId", y.receipt_number as "receiptNumber",
              d.their_amount_minor as "theirMinor", d.our_amount_minor as "ourMinor", d.currency
         from discrepancy d
         left join statement_line l on l.id = d.statement_line_id
         left join payment y on y.id = d.payment_id
        where d.last_run = $1 and d.id > $2 and d.state <> 'withdrawn'
        order by d.id limit $3`,
      [runId, after, limit],
    );
  }
}
