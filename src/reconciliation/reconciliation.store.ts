/** Statements on reconciliation tables: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader, Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import type { MatchingKind } from './matching.rules';
import type { StatementLine } from './statement.rules';

export interface PspOfDay {
  readonly pspId: number;
  readonly pspCode: string;
  readonly statementId: bigint | null;
}

export interface RunCounts {
  readonly lineCount: number;
  readonly paymentCount: number;
  readonly matchCount: number;
  readonly discrepancyCount: number;
}

export interface OpenDiscrepancy {
  readonly pspCode: string;
  readonly kind: string;
  readonly transactionId: string;
  readonly theirMinor: bigint | null;
  readonly ourMinor: bigint | null;
  readonly currency: string;
}

const matchLines = sqlFile<unknown[], { count: number }>(__dirname, 'sql/match-lines.sql');
const raise = sqlFile<unknown[], { kind: MatchingKind; count: number }>(
  __dirname,
  'sql/raise-discrepancies.sql',
);

const duePsps = sqlFile<[BusinessDay, Date], PspOfDay>(__dirname, 'sql/due-psps.sql');

const explain = sqlFile<unknown[], { id: bigint }>(__dirname, 'sql/explain-lines.sql');

/** Every PSP that has payments or a live statement on day $1. */
const pspsOfDay = `
       select p.id as "pspId", p.code as "pspCode", s.id as "statementId"
         from party p left join statement s on s.psp_id = p.id and s.business_day = $1 and s.is_live
        where p.kind = 'payment-service-provider'
          and (s.id is not null or exists (select from payment y where y.psp_id = p.id and y.business_day = $1))`;

@Injectable()
export class ReconciliationStore {
  async findPsp(
    reader: Reader,
    code: string,
  ): Promise<{ readonly id: number; readonly statementMapping: object | null } | undefined> {
    const [row] = await reader.query<{ id: number; statementMapping: object | null }>(
      `select p.id, s.statement_mapping as "statementMapping"
         from party p left join payment_service_provider s on s.party_id = p.id
        where p.code = $1 and p.kind = 'payment-service-provider'`,
      [code],
    );
    return row;
  }

  /** One import and one run of a PSP's day at a time. */
  async lockDay(tx: Tx, pspId: number, day: BusinessDay): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 7419))`, [
      `${String(pspId)}:${day}`,
    ]);
  }

  async findStatement(tx: Tx, pspId: number, day: BusinessDay, digest: Buffer): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from statement where psp_id = $1 and business_day = $2 and file_digest = $3 and is_live`,
      [pspId, day, digest],
    );
    return rows.length > 0;
  }

  async addStatement(
    tx: Tx,
    row: {
      pspId: number;
      day: BusinessDay;
      fileName: string;
      digest: Buffer;
      lineCount: number;
      importedBy: string;
    },
  ): Promise<{ id: bigint; revision: number }> {
    await tx.query(
      `update statement set is_live = false where psp_id = $1 and business_day = $2 and is_live`,
      [row.pspId, row.day],
    );
    const [added] = await tx.query<{ id: bigint; revision: number }>(
      `insert into statement (psp_id, business_day, revision, is_live, file_name, file_digest, line_count, imported_by)
       select $1, $2, coalesce(max(revision), 0) + 1, true, $3, $4, $5, $6
         from statement where psp_id = $1 and business_day = $2
       returning id, revision`,
      [row.pspId, row.day, row.fileName, row.digest, row.lineCount, row.importedBy],
    );
    return added as { id: bigint; revision: number };
  }

  async addLines(tx: Tx, statementId: bigint, lines: readonly StatementLine[]): Promise<void> {
    await tx.query(
      `insert into statement_line
         (statement_id, line_number, psp_transaction_id, control_number, amount_minor, currency, receipt_number, paid_at)
       select $1, * from unnest($2::integer[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::timestamptz[])`,
      [
        statementId,
        lines.map((line) => line.line),
        lines.map((line) => line.transactionId),
        lines.map((line) => line.controlNumber),
        lines.map((line) => line.amountMinor),
        lines.map((line) => line.currency),
        lines.map((line) => line.receiptNumber),
        lines.map((line) => line.paidAt),
      ],
    );
  }

  /** Into a table of the transaction's own, which goes with it. */
  async stageLines(tx: Tx, rows: AsyncIterable<string>): Promise<void> {
    await tx.query(`create temporary table staged_line (like statement_line) on commit drop`);
    await tx.query(
      `alter table staged_line alter id drop not null, alter statement_id drop not null`,
    );
    await tx.copyIn(
      `copy staged_line (line_number, psp_transaction_id, control_number, amount_minor, currency, receipt_number, paid_at)
       from stdin`,
      rows,
    );
  }

  async keepStaged(tx: Tx, statementId: bigint): Promise<void> {
    await tx.query(
      `insert into statement_line
         (statement_id, line_number, psp_transaction_id, control_number, amount_minor, currency, receipt_number, paid_at)
       select $1, line_number, psp_transaction_id, control_number, amount_minor, currency, receipt_number, paid_at
         from staged_line`,
      [statementId],
    );
  }

  /** Makes the server plan for what was added; the lock that it takes lets everybody read and write. */
  async lookAtLines(tx: Tx): Promise<void> {
    await tx.query(`select look_at_statement_lines()`);
  }

  async pspsOfDay(tx: Tx, day: BusinessDay): Promise<readonly PspOfDay[]> {
    return tx.query<PspOfDay>(`${pspsOfDay} order by p.code`, [day]);
  }

  /**
   * Those of an open day without a run since `startsAt` over the statement that is live now, or over its absence; whose
   * run was overtaken; or to whom a payment came since that an open line of the run may mean. Before `startsAt`, only
   * whose run was overtaken.
   */
  async duePsps(reader: Reader, day: BusinessDay, startsAt: Date): Promise<readonly PspOfDay[]> {
    return duePsps.run(reader, day, startsAt);
  }

  /** Days of runs that were overtaken. */
  async outdatedDays(reader: Reader): Promise<readonly BusinessDay[]> {
    const rows = await reader.query<{ day: BusinessDay }>(
      `select distinct business_day::text as day from reconciliation_run where is_latest and is_outdated order by day`,
    );
    return rows.map(({ day }) => day);
  }

  async now(reader: Reader): Promise<Date> {
    const [row] = await reader.query<{ at: Date }>(`select gateway_now() as at`);
    if (row === undefined) throw new Error('the clock has one row');
    return row.at;
  }

  /** The open day, to which what is decided now belongs. */
  async today(reader: Reader): Promise<BusinessDay> {
    const [row] = await reader.query<{ day: BusinessDay }>(
      `select business_day_of(gateway_now())::text as day`,
    );
    if (row === undefined) throw new Error('the clock has one row');
    return row.day;
  }

  async carriedFrom(reader: Reader, id: bigint): Promise<readonly bigint[]> {
    const rows = await reader.query<{ id: bigint }>(
      `select id from discrepancy where kind = 'missing-there' and detail ->> 'carriedFrom' = $1 and state = 'open'`,
      [id.toString()],
    );
    return rows.map((row) => row.id);
  }

  /** Payments that were waited for and that some statement reports by now. */
  async arrived(reader: Reader, pspId: number): Promise<readonly bigint[]> {
    const rows = await reader.query<{ id: bigint }>(
      `select d.id from discrepancy d
        where d.psp_id = $1 and d.kind = 'missing-there' and d.last_run is null
          and d.state in ('open', 'awaiting-approval')
          and exists (select from match m join reconciliation_run r on r.id = m.run_id
                       where m.payment_id = d.payment_id and r.is_latest)`,
      [pspId],
    );
    return rows.map((row) => row.id);
  }

  async openRun(tx: Tx, psp: PspOfDay, day: BusinessDay): Promise<bigint> {
    await tx.query(
      `update reconciliation_run set is_latest = false where psp_id = $1 and business_day = $2 and is_latest`,
      [psp.pspId, day],
    );
    const [row] = await tx.query<{ id: bigint }>(
      `insert into reconciliation_run (psp_id, business_day, statement_id, is_latest, is_provisional)
       values ($1, $2, $3, true, $3::bigint is null or $2 >= business_day_of(gateway_now())) returning id`,
      [psp.pspId, day, psp.statementId],
    );
    return (row as { id: bigint }).id;
  }

  async match(tx: Tx, runId: bigint, psp: PspOfDay, day: BusinessDay): Promise<number> {
    const [row] = await matchLines.run(tx, runId, psp.statementId, psp.pspId, day);
    return row?.count ?? 0;
  }

  async raise(
    tx: Tx,
    runId: bigint,
    psp: PspOfDay,
    day: BusinessDay,
  ): Promise<readonly { kind: MatchingKind; count: number }[]> {
    return raise.run(tx, runId, psp.statementId, psp.pspId, day);
  }

  /** Writes down for each line that a run left over which payments came near, and on what they failed. */
  async explain(tx: Tx, runId: bigint, psp: PspOfDay, day: BusinessDay): Promise<void> {
    await explain.run(tx, runId, psp.pspId, day);
  }

  /** What conservation compares: all lines of the statement and all payments of the day, and where each of them is. */
  async tally(
    tx: Tx,
    runId: bigint,
    psp: PspOfDay,
    day: BusinessDay,
  ): Promise<{
    lines: number;
    linesAccounted: number;
    payments: number;
    paymentsAccounted: number;
  }> {
    const [row] = await tx.query<{
      lines: number;
      linesAccounted: number;
      payments: number;
      paymentsAccounted: number;
    }>(
      `select (select count(*)::integer from statement_line where statement_id = $2) as lines,
              (select count(*)::integer from match where run_id = $1)
              + (select count(*)::integer from discrepancy where last_run = $1 and kind <> 'missing-there') as "linesAccounted",
              (select count(*)::integer from payment where psp_id = $3 and business_day = $4) as payments,
              case when $2::bigint is null
                   then (select count(*)::integer from payment where psp_id = $3 and business_day = $4)
                   else (select count(distinct a.payment_id)::integer from (
                           select p.id as payment_id
                             from payment p join match m on m.payment_id = p.id
                             join reconciliation_run r on r.id = m.run_id and r.is_latest
                            where p.psp_id = $3 and p.business_day = $4
                           union all
                           select p.id
                             from discrepancy d join payment p on p.id = d.payment_id
                            where d.last_run = $1 and d.kind in ('missing-there', 'amount-differs', 'currency-differs')
                              and p.psp_id = $3 and p.business_day = $4) a) end as "paymentsAccounted"`,
      [runId, psp.statementId, psp.pspId, day],
    );
    if (row === undefined) throw new Error('a tally has one row');
    return row;
  }

  async closeRun(tx: Tx, runId: bigint, counts: RunCounts): Promise<void> {
    await tx.query(
      `update reconciliation_run
          set line_count = $2, payment_count = $3, match_count = $4, discrepancy_count = $5 where id = $1`,
      [runId, counts.lineCount, counts.paymentCount, counts.matchCount, counts.discrepancyCount],
    );
  }

  async latestRuns(
    reader: Reader,
    day: BusinessDay,
  ): Promise<
    readonly (RunCounts & { pspCode: string; isProvisional: boolean; hasStatement: boolean })[]
  > {
    return reader.query(
      `select p.code as "pspCode", r.is_provisional as "isProvisional", r.statement_id is not null as "hasStatement",
              r.line_count as "lineCount", r.payment_count as "paymentCount", r.match_count as "matchCount",
              r.discrepancy_count as "discrepancyCount"
         from reconciliation_run r join party p on p.id = r.psp_id
        where r.business_day = $1 and r.is_latest order by p.code`,
      [day],
    );
  }

  async openDiscrepancies(reader: Reader, day: BusinessDay): Promise<readonly OpenDiscrepancy[]> {
    return reader.query<OpenDiscrepancy>(
      `select p.code as "pspCode", d.kind, d.subject as "transactionId", d.their_amount_minor as "theirMinor",
              d.our_amount_minor as "ourMinor", d.currency
         from discrepancy d join party p on p.id = d.psp_id
        where d.business_day = $1 and d.state in ('open', 'awaiting-approval') order by p.code, d.kind, d.subject`,
      [day],
    );
  }

  async collections(
    reader: Reader,
    day: BusinessDay,
  ): Promise<readonly { account: string; currency: string; amountMinor: bigint }[]> {
    return reader.query(
      `select a.name as account, a.currency, sum(p.credit_minor - p.debit_minor)::bigint as "amountMinor"
         from posting p join ledger_account a on a.id = p.account_id
        where p.business_day = $1 and a.kind in ('sp-payable', 'sp-surplus', 'suspense')
        group by a.id order by a.name, a.currency`,
      [day],
    );
  }
}
