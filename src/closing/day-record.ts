/**
 * What a business day came to, computed from the raw rows: the digest of its lines, totals, the trial balance, money in
 * transit and what stays open. The trial balance is that of the record before and what was posted since: earlier days
 * are frozen, so that nothing is added up from the beginning of time.
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { type CanonicalValue, canonicalJson } from '../kernel/canonical-json';
import { formatAmount } from '../kernel/money';
import { normalSide } from '../ledger/chart-of-accounts.rules';
import { type AccountSum, ClosingStore, type PaymentSum, type Statements } from './closing.store';

/** Amounts are decimal texts. Plain data, as it is sealed and as pages and commands show it. */
export interface DayRecord {
  readonly day: BusinessDay;
  /** SHA-256 over the lines of the day, hexadecimal. */
  readonly digest: string;
  readonly lineCount: number;
  readonly totals: {
    readonly byInstitution: readonly Total[];
    readonly byGfsCode: readonly Total[];
    readonly byPsp: readonly Total[];
    readonly byChannel: readonly Total[];
    readonly byCurrency: readonly Total[];
  };
  readonly trialBalance: readonly {
    readonly account: string;
    readonly kind: string;
    readonly currency: string;
    readonly debit: string;
    readonly credit: string;
  }[];
  /** Collected and not at the bank yet, or between two banks. */
  readonly inTransit: readonly Balance[];
  /** Suspense, refunds owed, bank lines that nothing explains, what is disputed. */
  readonly openItems: readonly Balance[];
  /** Hash of the record before; zeros for the first. */
  readonly previous: string;
}

/** A record without what is computed from each line of the day: as cheap as its sums. */
export type DayOutline = Omit<DayRecord, 'digest' | 'lineCount'>;

interface Total {
  readonly key: string;
  readonly currency: string;
  readonly count?: number;
  readonly amount: string;
}

interface Balance {
  readonly account: string;
  readonly currency: string;
  readonly amount: string;
}

/** Of a day in the approvals and in the audit trail. */
export const subjectOf = (day: BusinessDay): string => `day/${day}`;

const transitKinds = new Set(['psp-receivable', 'sweep-in-transit']);
const openKinds = new Set([
  'suspense',
  'refund-payable',
  'bank-unallocated',
  'disputed-receivable',
]);

@Injectable()
export class DayRecords {
  constructor(private readonly store: ClosingStore) {}

  async compute(reader: Statements, day: BusinessDay): Promise<DayRecord> {
    const { digest, lineCount } = await this.store.digest(reader, day);
    return { digest: digest.toString('hex'), lineCount, ...(await this.outline(reader, day)) };
  }

  async outline(reader: Statements, day: BusinessDay): Promise<DayOutline> {
    const before = await this.store.before(reader, day);
    const payments = await this.store.payments(reader, day);
    const since = await this.store.movements(reader, before?.day ?? null, day);
    const carried = before === undefined ? [] : readRecord(before.content).trialBalance;
    const balances = addUp(carried, since);
    return {
      day,
      totals: {
        ...ownersOf(since),
        byPsp: totalsBy(payments, ({ psp }) => psp),
        byChannel: totalsBy(payments, ({ channel }) => channel),
        byCurrency: totalsBy(payments, ({ currency }) => currency),
      },
      trialBalance: balances.map(({ debitMinor, creditMinor, ...rest }) => ({
        ...rest,
        debit: formatAmount(debitMinor),
        credit: formatAmount(creditMinor),
      })),
      inTransit: openOf(balances, transitKinds),
      openItems: openOf(balances, openKinds),
      previous: (before?.hash ?? Buffer.alloc(32)).toString('hex'),
    };
  }
}

/** The last block of the audit chain at the time of the close. */
export interface AuditHead {
  readonly sequence: string;
  /** SHA-256 of the block, hexadecimal. */
  readonly hash: string;
}

/** The text that is sealed: the record with who closed the day, and the head of the audit chain at that time. */
export function sealText(
  record: DayRecord,
  seal: {
    readonly proposedBy: string;
    readonly approvedBy: string;
    readonly auditHead: AuditHead | null;
  },
): string {
  return canonicalJson({ ...record, ...seal } as unknown as CanonicalValue);
}

export function recordText(record: DayRecord): string {
  return canonicalJson(record as unknown as CanonicalValue);
}

/** The record in a sealed text. */
export function readRecord(content: string): DayRecord {
  const { proposedBy, approvedBy, auditHead, ...record } = JSON.parse(content) as DayRecord &
    Record<'proposedBy' | 'approvedBy' | 'auditHead', unknown>;
  if (proposedBy === undefined || approvedBy === undefined || auditHead === undefined)
    throw new Error('a sealed record names its officers');
  return record;
}

export function readAuditHead(content: string): AuditHead | null {
  return (JSON.parse(content) as { readonly auditHead: AuditHead | null }).auditHead;
}

/** In each currency. */
export function isBalanced(record: DayOutline): boolean {
  const sums = new Map<string, bigint>();
  for (const { currency, debit, credit } of record.trialBalance)
    sums.set(currency, (sums.get(currency) ?? 0n) + minorOf(debit) - minorOf(credit));
  return [...sums.values()].every((sum) => sum === 0n);
}

/** Minor units of an amount of a record; the sign stays. */
export function minorOf(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}

function addUp(carried: DayRecord['trialBalance'], since: readonly AccountSum[]): AccountSum[] {
  const sums = new Map<string, AccountSum>();
  for (const { account, kind, currency, debit, credit } of carried) {
    const sum = {
      account,
      kind,
      currency,
      debitMinor: minorOf(debit),
      creditMinor: minorOf(credit),
    };
    sums.set(`${currency} ${account}`, sum);
  }
  for (const each of since) {
    const key = `${each.currency} ${each.account}`;
    const known = sums.get(key);
    sums.set(key, {
      ...each,
      debitMinor: each.debitMinor + (known?.debitMinor ?? 0n),
      creditMinor: each.creditMinor + (known?.creditMinor ?? 0n),
    });
  }
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function openOf(balances: readonly AccountSum[], kinds: ReadonlySet<string>): readonly Balance[] {
  return balances.flatMap(({ account, kind, currency, debitMinor, creditMinor }) => {
    if (!kinds.has(kind) || debitMinor === creditMinor) return [];
    const isDebit = normalSide[kind as keyof typeof normalSide] === 'debit';
    const amount = isDebit ? debitMinor - creditMinor : creditMinor - debitMinor;
    return [{ account, currency, amount: formatAmount(amount) }];
  });
}

/** What the ledger gave to each institution and each GFS code. */
function ownersOf(
  sums: readonly AccountSum[],
): Pick<DayRecord['totals'], 'byInstitution' | 'byGfsCode'> {
  const owned = sums.filter(({ kind }) => kind === 'sp-payable' || kind === 'sp-surplus');
  const part = (account: string, place: number) => account.split(':')[place] ?? '';
  const amounts = owned.map((sum) => ({
    institution: part(sum.account, 1),
    gfsCode: part(sum.account, 2) || 'surplus',
    currency: sum.currency,
    amountMinor: sum.creditMinor - sum.debitMinor,
  }));
  return {
    byInstitution: totalsBy(amounts, ({ institution }) => institution),
    byGfsCode: totalsBy(amounts, ({ gfsCode }) => gfsCode),
  };
}

function totalsBy<Row extends { currency: string; amountMinor: bigint } & Partial<PaymentSum>>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): readonly Total[] {
  const sums = new Map<string, { key: string; currency: string; count?: number; minor: bigint }>();
  for (const row of rows) {
    const key = keyOf(row);
    const place = `${key} ${row.currency}`;
    const known = sums.get(place);
    const count = row.count === undefined ? {} : { count: row.count + (known?.count ?? 0) };
    const minor = row.amountMinor + (known?.minor ?? 0n);
    sums.set(place, { key, currency: row.currency, ...count, minor });
  }
  return [...sums.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { minor, ...rest }]) => ({ ...rest, amount: formatAmount(minor) }));
}
