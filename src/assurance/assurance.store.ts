/** Statements of `audit verify`. They read, and write nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { BinaryRow } from '../platform/database/copy-binary';
import type { CopyReader } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import { invariants } from './invariants';

/** One statement at a time of a connection; a transaction is one, and so is a test's. */
export type StatementReader = Pick<CopyReader, 'query' | 'prepared' | 'copyOut'>;

export interface Violations {
  readonly count: number;
  /** In order, at most `mostKeys`. */
  readonly keys: readonly string[];
}

/** `-infinity`: everything. */
export type FirstDay = BusinessDay | '-infinity';

export interface StoredMessage {
  readonly id: string;
  /** What the header of a detached JWS held. */
  readonly jws: string | null;
  readonly body: Buffer;
  /** Whether the bytes have the digest that was taken at their receipt. */
  readonly isWhole: boolean;
  readonly digest: string;
  readonly candidate: string;
  /** Of its sender, by its number; null where it is not that party's. */
  readonly certificate: number | null;
}

export const mostKeys = 200;

const statements = new Map(
  invariants.map(({ id, statement }) => [
    id,
    readFileSync(join(__dirname, 'sql', `${statement}.sql`), 'utf8'),
  ]),
);

const signedMessages = sqlFile<[FirstDay, number, string], StoredMessage>(
  __dirname,
  'sql/16-signed-messages.sql',
);

@Injectable()
export class AssuranceStore {
  async violations(reader: StatementReader, id: string, since: FirstDay): Promise<Violations> {
    const rows = await reader.query<{ key: string; count: number }>(
      `select key, count(*) over ()::integer as count from (\n${statements.get(id) ?? ''}\n) violation
        order by key limit ${String(mostKeys)}`,
      [since],
    );
    return { count: rows[0]?.count ?? 0, keys: rows.map(({ key }) => key) };
  }

  async countMessages(reader: StatementReader, since: FirstDay): Promise<number> {
    const [row] = await reader.query<{ count: number }>(
      `select count(*)::integer as count from inbound_message
        where received_at >= $1::date::timestamp at time zone 'Africa/Dar_es_Salaam'`,
      [since],
    );
    return row?.count ?? 0;
  }

  async certificates(
    reader: StatementReader,
  ): Promise<readonly { readonly id: number; readonly pem: string }[]> {
    return reader.query(`select id, pem from party_certificate`);
  }

  /** Those since the day, or a share of them that `salt` draws; as many at a time as arrive. */
  async *messages(
    reader: StatementReader,
    since: FirstDay,
    share: number,
    salt: string,
  ): AsyncGenerator<readonly StoredMessage[]> {
    for await (const rows of reader.copyOut(signedMessages.written(since, share, salt)))
      yield rows.map(messageOf);
  }

  /** The day it is for the database, and whether the program runs under a role that can only add to the books. */
  async standing(
    reader: StatementReader,
  ): Promise<{ readonly today: BusinessDay; readonly hasSeparateGrants: boolean }> {
    const [row] = await reader.query<{ today: BusinessDay; hasSeparateGrants: boolean }>(
      `select business_day_of(gateway_now())::text as today,
              not has_table_privilege('payment', 'delete') as "hasSeparateGrants"`,
    );
    if (row === undefined) throw new Error('the database does not say what day it is');
    return row;
  }
}

function messageOf([
  id,
  jws,
  body,
  isWhole,
  digest,
  candidate,
  certificate,
]: BinaryRow): StoredMessage {
  return {
    id: textOf(id),
    jws: jws?.toString() ?? null,
    body: body ?? Buffer.alloc(0),
    isWhole: isWhole?.[0] === 1,
    digest: textOf(digest),
    candidate: textOf(candidate),
    certificate: certificate?.readInt32BE() ?? null,
  };
}

const textOf = (bytes: Buffer | null | undefined): string => bytes?.toString('latin1') ?? '';
