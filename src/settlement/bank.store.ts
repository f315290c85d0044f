/** Statements on what banks say: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Reader, Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import type { BankEntryRecord, BankStatementRecord } from './bank-record.rules';

export interface KeptEntry {
  readonly id: bigint;
  readonly bookingDay: BusinessDay;
  readonly direction: 'credit' | 'debit';
  readonly amountMinor: bigint;
}

export interface StatementGap {
  readonly id: bigint;
  /** The closing balance before, and what was booked since. */
  readonly dueMinor: bigint;
  /** What the closing balance of the statement is beyond that. */
  readonly gapMinor: bigint;
}

const insertEntries = sqlFile<[bigint, string, string, string], KeptEntry>(
  __dirname,
  'sql/insert-bank-entries.sql',
);
const statementGaps = sqlFile<[readonly bigint[]], StatementGap>(
  __dirname,
  'sql/statement-gaps.sql',
);

@Injectable()
export class BankStore {
  /** One import of an account at a time, so that balances are compared one after the other. */
  async lockAccount(tx: Tx, account: string, currency: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 7421))`, [
      `${account}:${currency}`,
    ]);
  }

  async today(tx: Tx): Promise<BusinessDay> {
    const [row] = await tx.query<{ day: BusinessDay }>(
      `select business_day_of(gateway_now())::text as day`,
    );
    return (row as { day: BusinessDay }).day;
  }

  async findContent(tx: Tx, record: BankStatementRecord): Promise<boolean> {
    const rows = await tx.query(
      `select from bank_statement where account = $1 and currency = $2 and content_digest = $3`,
      [record.account, record.currency, record.contentDigest],
    );
    return rows.length > 0;
  }

  /** Another statement of the account under the same id, number and first day. */
  async findNamesake(tx: Tx, record: BankStatementRecord): Promise<boolean> {
    const rows = await tx.query(
      `select from bank_statement
        where account = $1 and currency = $2 and format = $3 and bank_id = $4 and sequence = $5 and first_day = $6
          and (bank_id <> '' or sequence <> '')`,
      [
        record.account,
        record.currency,
        record.format,
        record.bankId,
        record.sequence,
        record.firstDay,
      ],
    );
    return rows.length > 0;
  }

  /** Places of the entries without the bank's reference that look like one that is kept already. */
  async findLike(tx: Tx, record: BankStatementRecord): Promise<readonly number[]> {
    const nameless = record.entries.filter((entry) => entry.bankReference === '');
    if (nameless.length === 0) return [];
    const rows = await tx.query<{ place: number }>(
      `select t.place from unnest($3::integer[], $4::date[], $5::text[], $6::bigint[])
                as t (place, booking_day, direction, amount_minor)
        where exists (select from bank_entry e
                       where e.account = $1 and e.currency = $2 and e.booking_day = t.booking_day
                         and e.direction = t.direction and e.amount_minor = t.amount_minor)
        order by t.place`,
      [
        record.account,
        record.currency,
        nameless.map((entry) => entry.place),
        nameless.map((entry) => entry.bookingDay),
        nameless.map((entry) => entry.direction),
        nameless.map((entry) => entry.amountMinor),
      ],
    );
    return rows.map((row) => row.place);
  }

  async addStatement(
    tx: Tx,
    record: BankStatementRecord,
    file: { readonly fileName: string; readonly digest: Buffer; readonly importedBy: string },
  ): Promise<bigint> {
    const [row] = await tx.query<{ id: bigint }>(
      `insert into bank_statement (account, currency, format, bank_id, sequence, first_day, last_day, opening_minor,
         closing_minor, entry_count, file_name, file_digest, content_digest, imported_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id`,
      [
        record.account,
        record.currency,
        record.format,
        record.bankId,
        record.sequence,
        record.firstDay,
        record.lastDay,
        record.openingMinor,
        record.closingMinor,
        record.entries.length,
        file.fileName,
        file.digest,
        record.contentDigest,
        file.importedBy,
      ],
    );
    return (row as { id: bigint }).id;
  }

  async addEntries(
    tx: Tx,
    statementId: bigint,
    record: BankStatementRecord,
  ): Promise<readonly KeptEntry[]> {
    if (record.entries.length === 0) return [];
    const written = (entry: BankEntryRecord) => ({
      ...entry,
      amountMinor: entry.amountMinor.toString(),
    });
    return insertEntries.run(
      tx,
      statementId,
      record.account,
      record.currency,
      JSON.stringify(record.entries.map(written)),
    );
  }

  /** Of those whose closing balance can be compared with one before it. */
  async gaps(reader: Reader, statementIds: readonly bigint[]): Promise<readonly StatementGap[]> {
    return statementGaps.run(reader, statementIds);
  }

  /** What the balance of an account began with, by its earliest statement, and what was posted of that so far. */
  async opening(
    tx: Tx,
    account: string,
    currency: Currency,
  ): Promise<{ firstDay: BusinessDay; dueMinor: bigint; postedMinor: bigint } | undefined> {
    const [row] = await tx.query<{ firstDay: BusinessDay; dueMinor: bigint; postedMinor: bigint }>(
      `select s.first_day as "firstDay",
              (s.opening_minor - coalesce((
                 select sum(case e.direction when 'credit' then e.amount_minor else -e.amount_minor end)
                   from bank_entry e where e.account = $1 and e.currency = $2 and e.booking_day < s.first_day), 0)
              )::bigint as "dueMinor",
              coalesce((
                select sum(p.debit_minor - p.credit_minor)
                  from ledger_entry l join posting p on p.business_day = l.business_day and p.entry_id = l.id
                  join ledger_account a on a.id = p.account_id and a.kind in ('collection', 'treasury')
                 where l.source_kind = 'bank-opening' and starts_with(l.source_id, $1 || ':' || $2 || ':')), 0
              )::bigint as "postedMinor"
         from bank_statement s
        where s.account = $1 and s.currency = $2 and s.opening_minor is not null
        order by s.first_day, s.id limit 1`,
      [account, currency],
    );
    return row;
  }
}
