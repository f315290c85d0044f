/** Statements on the ledger: insert and read, nothing else exists. */
import { Injectable } from '@nestjs/common';
import type { Currency } from '../kernel/money';
import type { Reader, Tx } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import { type AccountRef, normalSide } from './chart-of-accounts.rules';
import type { EntryDraft } from './entry.rules';

type EntryColumns = [
  string[],
  string[],
  string[],
  string[],
  string[],
  string[],
  number[],
  string[],
  bigint[],
  bigint[],
];

const insertEntries = sqlFile<EntryColumns, { id: string }>(__dirname, 'sql/insert-entries.sql');

export interface AccountBalance {
  readonly account: string;
  readonly kind: string;
  readonly currency: Currency;
  readonly normalSide: 'debit' | 'credit';
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
}

const ensureAccounts = sqlFile<(readonly string[])[], { name: string; currency: string }>(
  __dirname,
  'sql/ensure-accounts.sql',
);

function keyOf(account: { readonly ref: AccountRef; readonly currency: Currency }): string {
  return `${account.ref.name} ${account.currency}`;
}

@Injectable()
export class LedgerStore {
  /** Accounts that some committed transaction made. They are never removed, so nothing here grows old. */
  private readonly known = new Set<string>();

  async ensureAccounts(
    tx: Tx,
    accounts: readonly { ref: AccountRef; currency: Currency }[],
  ): Promise<void> {
    const wanted = [...new Map(accounts.map((each) => [keyOf(each), each])).values()];
    const missing = wanted.filter((each) => !this.known.has(keyOf(each)));
    if (missing.length === 0) return;
    const found = await ensureAccounts.run(
      tx,
      missing.map(({ ref }) => ref.name),
      missing.map(({ currency }) => currency),
      missing.map(({ ref }) => ref.kind),
      missing.map(({ ref }) => normalSide[ref.kind]),
    );
    for (const { name, currency } of found) this.known.add(`${name} ${currency}`);
  }

  async insert(
    tx: Tx,
    entries: readonly { id: string; draft: EntryDraft }[],
  ): Promise<readonly string[]> {
    const postings = entries.flatMap(({ id, draft }) =>
      draft.postings.map((posting, position) => ({ id, position, posting })),
    );
    const rows = await insertEntries.run(
      tx,
      entries.map(({ id }) => id),
      entries.map(({ draft }) => draft.sourceKind),
      entries.map(({ draft }) => draft.sourceId),
      entries.map(({ draft }) => draft.businessDay),
      entries.map(({ draft }) => draft.currency),
      postings.map(({ id }) => id),
      postings.map(({ position }) => position),
      postings.map(({ posting }) => posting.account.name),
      postings.map(({ posting }) => (posting.side === 'debit' ? posting.amountMinor : 0n)),
      postings.map(({ posting }) => (posting.side === 'credit' ? posting.amountMinor : 0n)),
    );
    return rows.map((row) => row.id);
  }

  /** Sums per account up to and including a business day. */
  async balances(reader: Reader, untilDay: string): Promise<readonly AccountBalance[]> {
    return reader.query<AccountBalance>(
      `select a.name as account, a.kind, a.currency, a.normal_side as "normalSide",
              sum(p.debit_minor)::bigint as "debitMinor", sum(p.credit_minor)::bigint as "creditMinor"
         from posting p join ledger_account a on a.id = p.account_id
        where p.business_day <= $1
        group by a.id order by a.currency, a.name`,
      [untilDay],
    );
  }
}
