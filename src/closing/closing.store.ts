/** Statements on what a day holds and on sealed records. They take any reader, so that an audit can use them too. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader, Tx } from '../platform/database/database';
import type { DayFacts } from './day-check.rules';

export type Statements = Pick<Reader, 'query'>;

export interface AccountSum {
  readonly account: string;
  readonly kind: string;
  readonly currency: string;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
}

export interface PaymentSum {
  readonly psp: string;
  readonly channel: string;
  readonly currency: string;
  readonly count: number;
  readonly amountMinor: bigint;
}

export interface StoredSeal {
  readonly day: BusinessDay;
  readonly content: string;
  readonly hash: Buffer;
  readonly previousHash: Buffer;
  readonly digest: Buffer;
  readonly proposedBy: string;
  readonly approvedBy: string;
  readonly sealedAt: Date;
}

const dayLines = readFileSync(join(__dirname, 'sql/day-lines.sql'), 'utf8');

/** About 200 kB of text, so little that it is gone before the heap grows for it. */
const pageSize = 500;

const sealColumns = `day::text as day, content, hash, previous_hash as "previousHash", digest,
  proposed_by as "proposedBy", approved_by as "approvedBy", sealed_at as "sealedAt"`;

@Injectable()
export class ClosingStore {
  /** The digest over the lines of a day, each ended by a line feed, read in pages: memory does not grow with the day. */
  async digest(
    reader: Statements,
    day: BusinessDay,
    each?: (lines: string) => void,
  ): Promise<{ readonly digest: Buffer; readonly lineCount: number }> {
    const hash = createHash('sha256');
    let lineCount = 0;
    // A declaration takes no parameters; a business day is ten digits and dashes, and nothing else passes its parser.
    await reader.query(
      `declare day_line no scroll cursor with hold for ${dayLines.replaceAll('$1', `'${day}'`)}`,
    );
    try {
      for (;;) {
        const rows = await reader.query<{ line: string }>(
          `fetch ${String(pageSize)} from day_line`,
        );
        if (rows.length > 0) {
          const text = rows.map(({ line }) => `${line}\n`).join('');
          hash.update(text);
          each?.(text);
        }
        lineCount += rows.length;
        if (rows.length < pageSize) break;
      }
    } finally {
      await reader.query(`close day_line`).catch(() => undefined);
    }
    return { digest: hash.digest(), lineCount };
  }

  /** What was posted after `after` (null: ever) and up to `until`, by account. */
  async movements(
    reader: Statements,
    after: BusinessDay | null,
    until: BusinessDay,
  ): Promise<readonly AccountSum[]> {
    return reader.query<AccountSum>(
      `select a.name as account, a.kind, a.currency, sum(p.debit_minor)::bigint as "debitMinor",
              sum(p.credit_minor)::bigint as "creditMinor"
         from posting p join ledger_account a on a.id = p.account_id
        where p.business_day > coalesce($1::date, '-infinity') and p.business_day <= $2
        group by a.id order by a.currency, a.name collate "C"`,
      [after, until],
    );
  }

  async payments(reader: Statements, day: BusinessDay): Promise<readonly PaymentSum[]> {
    return reader.query<PaymentSum>(
      `select y.code as psp, p.channel, p.currency, count(*)::integer as count,
              sum(p.amount_minor)::bigint as "amountMinor"
         from payment p join party y on y.id = p.psp_id
        where p.business_day = $1 group by y.code, p.channel, p.currency`,
      [day],
    );
  }

  async now(reader: Statements): Promise<Date> {
    const [row] = await reader.query<{ at: Date }>(`select gateway_now() as at`);
    if (row === undefined) throw new Error('the clock has one row');
    return row.at;
  }

  async facts(reader: Statements, day: BusinessDay): Promise<DayFacts> {
    const [state] = await reader.query<Pick<DayFacts, 'today' | 'lastClosed' | 'firstOpen'>>(
      `select business_day_of(gateway_now())::text as today, c.day::text as "lastClosed",
              least((select min(business_day) from posting where business_day > coalesce(c.day, '-infinity')),
                    (select min(business_day) from statement where business_day > coalesce(c.day, '-infinity')),
                    (select min(business_day) from reconciliation_run where business_day > coalesce(c.day, '-infinity')),
                    (select min(business_day) from discrepancy
                      where business_day > coalesce(c.day, '-infinity')))::text as "firstOpen"
         from (select max(day) as day from closed_day) c`,
    );
    if (state === undefined) throw new Error('the clock has one row');
    const psps = await reader.query<DayFacts['psps'][number]>(
      `select p.code, s.id is not null as "hasStatement", r.id is not null as "hasRun",
              coalesce(r.is_provisional, true) as "isProvisional",
              r.statement_id is not distinct from s.id
              and r.payment_count = (select count(*) from payment y where y.psp_id = p.id and y.business_day = $1)
                as "isCurrent"
         from party p
         left join statement s on s.psp_id = p.id and s.business_day = $1 and s.is_live
         left join reconciliation_run r on r.psp_id = p.id and r.business_day = $1 and r.is_latest
        where p.kind = 'payment-service-provider'
          and (s.id is not null or r.id is not null
               or exists (select from payment y where y.psp_id = p.id and y.business_day = $1))
        order by p.code`,
      [day],
    );
    const open = await reader.query<DayFacts['open'][number]>(
      `select kind, count(*)::integer as count from discrepancy
        where business_day = $1 and state in ('open', 'awaiting-approval') and kind <> 'late-settlement'
        group by kind order by kind`,
      [day],
    );
    return { ...state, psps, open };
  }

  async seal(reader: Statements, day: BusinessDay): Promise<StoredSeal | undefined> {
    const [seal] = await reader.query<StoredSeal>(
      `select ${sealColumns} from day_seal where day = $1`,
      [day],
    );
    return seal;
  }

  /** Closed days from `since` on, in order. */
  async sealedDays(reader: Statements, since: string): Promise<readonly BusinessDay[]> {
    const rows = await reader.query<{ day: BusinessDay }>(
      `select day::text as day from closed_day where day >= $1 order by day`,
      [since],
    );
    return rows.map(({ day }) => day);
  }

  async before(reader: Statements, day: BusinessDay): Promise<StoredSeal | undefined> {
    const [seal] = await reader.query<StoredSeal>(
      `select ${sealColumns} from day_seal where day < $1 order by day desc limit 1`,
      [day],
    );
    return seal;
  }

  /** What was collected on the day, as reports ask for it. Nothing of it changes any more. */
  async keepCollections(tx: Tx, day: BusinessDay): Promise<void> {
    await tx.query(`select keep_collections($1), keep_institution_days($1)`, [day]);
  }

  async add(
    tx: Tx,
    seal: Omit<StoredSeal, 'hash' | 'sealedAt'> & { readonly lineCount: number },
  ): Promise<void> {
    await tx.query(
      `insert into day_seal (day, content, hash, previous_hash, digest, line_count, proposed_by, approved_by)
       values ($1, $2, sha256(convert_to($2, 'UTF8')), $3, $4, $5, $6, $7)`,
      [
        seal.day,
        seal.content,
        seal.previousHash,
        seal.digest,
        seal.lineCount,
        seal.proposedBy,
        seal.approvedBy,
      ],
    );
  }
}
