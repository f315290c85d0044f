/**
 * What a bank statement is, whatever file brought it: plain values, and the arithmetic that a statement must stand up to
 * by itself (product.md §7). Amounts are minor units of their own currency and never negative: the direction says which
 * way the money went. Only booked entries count.
 */
import type { BusinessDay } from '../kernel/business-day';
import { formatMinor } from './iso-currency.rules';

export type Direction = 'credit' | 'debit';

/** `camt.053` and `mt940` are statements with balances; `camt.054` notifies of entries; CSV has what its bank gives. */
export type BankFileFormat = 'camt.053' | 'camt.054' | 'mt940' | 'csv';

/** `pending`, `info` and `future` entries tell of money that has not moved: they are kept and never summed. */
export type EntryStatus = 'booked' | 'pending' | 'info' | 'future';

export interface BankAmount {
  readonly currency: string;
  readonly amountMinor: bigint;
}

export interface BankBalance {
  /** Line of the file. */
  readonly line: number;
  /** As the bank names it: `OPBD`, `PRCD`, `ITBD`, `CLBD`, `60F` ... */
  readonly type: string;
  readonly day: BusinessDay | undefined;
  readonly currency: string;
  /** Below zero where the bank says debit. */
  readonly signedMinor: bigint;
}

export interface Counterparty {
  readonly name: string;
  readonly account: string;
}

/** One transaction of a batched entry, or the one transaction of a single entry. */
export interface EntryDetail {
  readonly line: number;
  /** Undefined where the bank gives none in the entry's currency. */
  readonly amountMinor: bigint | undefined;
  readonly direction: Direction;
  /** What the payer sent, where the bank gives it beside what was booked: another currency, or before charges. */
  readonly instructed: BankAmount | undefined;
  readonly endToEndId: string;
  readonly transactionId: string;
  /** The account servicer's reference. */
  readonly bankReference: string;
  readonly remittance: string;
  readonly counterparty: Counterparty;
  /** Why money came back, as the bank's code or words; empty for what is no return. */
  readonly returnReason: string;
}

export interface BankEntry {
  readonly line: number;
  /** Where it stands, in the words of the format: `Stmt[1]/Ntry[3]`, `:61:`, `row 7`. */
  readonly path: string;
  readonly status: EntryStatus;
  /** Which way the money went in this entry; a reversal's is already turned round. */
  readonly direction: Direction;
  readonly amountMinor: bigint;
  readonly currency: string;
  /** It takes back an earlier entry of the other direction. */
  readonly isReversal: boolean;
  readonly bookingDay: BusinessDay | undefined;
  readonly valueDay: BusinessDay | undefined;
  readonly bankReference: string;
  /** The account owner's reference of the entry. */
  readonly entryReference: string;
  /** `PMNT/RCDT/ESCT`, `NTRF`, or the bank's own code. */
  readonly transactionCode: string;
  readonly endToEndId: string;
  readonly remittance: string;
  readonly counterparty: Counterparty;
  readonly returnReason: string;
  /** Named by the bank with the entry; whether they are inside its amount differs by bank. */
  readonly charges: readonly BankAmount[];
  /** How many transactions the bank says are batched; undefined where it says nothing. */
  readonly batchCount: number | undefined;
  readonly details: readonly EntryDetail[];
}

export interface BankStatement {
  readonly line: number;
  /** The bank's id of the statement; empty where it gives none. */
  readonly id: string;
  /** Number of the statement, and of its page where it has pages: `51`, `51/2`. */
  readonly sequence: string;
  /** As the bank writes it; empty where the format has none. */
  readonly account: string;
  /** Of the account; of the balances or entries where the bank does not say it; empty for a notification of nothing. */
  readonly currency: string;
  readonly firstDay: BusinessDay | undefined;
  readonly lastDay: BusinessDay | undefined;
  /** Both undefined where the format has none. */
  readonly opening: BankBalance | undefined;
  readonly closing: BankBalance | undefined;
  /** Every balance of the file, those two included. */
  readonly balances: readonly BankBalance[];
  readonly entries: readonly BankEntry[];
}

/** What is wrong, and where: one sentence. A file with one fault is not imported. */
export interface BankFileFault {
  /** 1 or more; 0 where the whole file is meant. */
  readonly line: number;
  /** Element, tag or column. */
  readonly field: string;
  readonly reason: string;
}

export interface BankFile {
  readonly format: BankFileFormat;
  /** `camt.053.001.08`; the format where it has no versions. */
  readonly version: string;
  readonly statements: readonly BankStatement[];
  /** What a reader should know and that stands in the way of nothing: a closing balance that is not there. */
  readonly notes: readonly BankFileFault[];
}

export interface EntrySums {
  readonly currency: string;
  readonly creditCount: number;
  readonly creditMinor: bigint;
  readonly debitCount: number;
  readonly debitMinor: bigint;
  /** Entries that do not count. */
  readonly otherCount: number;
}

function signedMinor(entry: Pick<BankEntry, 'direction' | 'amountMinor'>): bigint {
  return entry.direction === 'credit' ? entry.amountMinor : -entry.amountMinor;
}

/** By currency, in the order in which they come. */
export function entrySums(
  entries: Iterable<Pick<BankEntry, 'currency' | 'status' | 'direction' | 'amountMinor'>>,
): readonly EntrySums[] {
  const sums = new Map<string, { -readonly [Key in keyof EntrySums]: EntrySums[Key] }>();
  for (const { currency, status, direction, amountMinor } of entries) {
    let sum = sums.get(currency);
    if (sum === undefined) {
      sum = {
        currency,
        creditCount: 0,
        creditMinor: 0n,
        debitCount: 0,
        debitMinor: 0n,
        otherCount: 0,
      };
      sums.set(currency, sum);
    }
    if (status !== 'booked') {
      sum.otherCount += 1;
    } else if (direction === 'credit') {
      sum.creditCount += 1;
      sum.creditMinor += amountMinor;
    } else {
      sum.debitCount += 1;
      sum.debitMinor += amountMinor;
    }
  }
  return [...sums.values()];
}

/** Every statement of a file, held against itself. */
export function fileFaults(file: BankFile): readonly BankFileFault[] {
  return file.statements.flatMap(balanceFaults);
}

/** Opening and booked entries make the closing balance, in one currency; where there is no balance nothing is said. */
function balanceFaults(statement: BankStatement): readonly BankFileFault[] {
  const { opening, closing, entries } = statement;
  const known = opening ?? closing;
  if (known === undefined) return [];
  const { currency } = known;
  const strange = entries.filter(
    (entry) => entry.status === 'booked' && entry.currency !== currency,
  );
  if (strange.length > 0) {
    return strange.map((entry) => ({
      line: entry.line,
      field: entry.path,
      reason: `an entry in ${entry.currency} in a statement whose balances are in ${currency}`,
    }));
  }
  if (opening === undefined || closing === undefined) return [];
  if (closing.currency !== currency) {
    const reason = `the closing balance is in ${closing.currency}, the opening balance in ${currency}`;
    return [{ line: closing.line, field: closing.type, reason }];
  }
  const moved = entries.reduce(
    (sum, entry) => (entry.status === 'booked' ? sum + signedMinor(entry) : sum),
    0n,
  );
  const due = opening.signedMinor + moved;
  if (due === closing.signedMinor) return [];
  const written = (minor: bigint): string => formatMinor(minor, currency);
  return [
    {
      line: closing.line,
      field: closing.type,
      reason:
        `the statement does not balance: opening ${written(opening.signedMinor)} and entries ${written(moved)} make ` +
        `${written(due)} ${currency}, the closing balance says ${written(closing.signedMinor)}`,
    },
  ];
}
