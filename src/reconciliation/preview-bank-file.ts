/**
 * What a bank's file holds, before anything is imported: statements, entries and sums as decimal strings, or everything
 * that is wrong with it. Console and CLI show this; nothing is asked of the database but the mapping of a CSV, so any
 * account in any currency may be looked at.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type CsvOfBank, readBankFile } from './bank-files/read-bank-file';
import {
  type BankBalance,
  type BankEntry,
  type BankFile,
  type BankFileFault,
  type BankStatement,
  type EntrySums,
  entrySums,
} from './bank-statement.rules';
import { isAccount } from './bank-account.rules';
import { formatMinor } from './iso-currency.rules';

export interface SumsView {
  readonly currency: string;
  readonly creditCount: number;
  readonly creditSum: string;
  readonly debitCount: number;
  readonly debitSum: string;
  readonly netSum: string;
  /** Entries that are pending or for information, and are in no sum. */
  readonly notCounted: number;
}

export interface BalanceView {
  readonly type: string;
  readonly day: string | undefined;
  readonly amount: string;
  readonly currency: string;
}

export interface StatementPreview {
  readonly line: number;
  readonly id: string;
  readonly sequence: string;
  readonly account: string;
  readonly currency: string;
  readonly openingBalance: BalanceView | undefined;
  readonly closingBalance: BalanceView | undefined;
  readonly entryCount: number;
  readonly sums: readonly SumsView[];
  readonly entries: readonly unknown[];
}

export interface BankFilePreview {
  readonly fileName: string;
  readonly digest: string;
  readonly outcome: 'good' | 'faulty';
  readonly format: string;
  readonly statementCount: number;
  readonly entryCount: number;
  readonly sums: readonly SumsView[];
  readonly statements: readonly StatementPreview[];
  readonly notes: readonly BankFileFault[];
  readonly faults: readonly BankFileFault[];
  readonly faultCount: number;
}

export interface PreviewedBankFile {
  readonly preview: BankFilePreview;
  /** What would be imported; undefined for a file with faults. */
  readonly file: BankFile | undefined;
  readonly digest: Buffer;
}

@Injectable()
export class PreviewBankFile {
  async execute(command: {
    readonly fileName: string;
    readonly account: string;
    readonly source: AsyncIterable<Buffer>;
    /** Asked for a CSV only; without it a CSV is refused. */
    readonly mappingOf?: CsvOfBank['mappingOf'];
  }): Promise<PreviewedBankFile> {
    const hash = createHash('sha256');
    const { fileName, account, mappingOf } = command;
    const csv = mappingOf === undefined ? undefined : { account, mappingOf };
    const reading = await readBankFile(hashed(command.source, hash), csv);
    const file = reading.kind === 'read' ? reading.file : undefined;
    const faulty = reading.kind === 'faulty' ? reading : undefined;
    const statements = file?.statements ?? [];
    const digest = hash.digest();
    const preview: BankFilePreview = {
      fileName,
      digest: digest.toString('hex'),
      outcome: faulty === undefined ? 'good' : 'faulty',
      format: file?.version ?? '',
      statementCount: statements.length,
      entryCount: statements.reduce((count, each) => count + each.entries.length, 0),
      sums: viewSums(entrySums(statements.flatMap((each) => each.entries))),
      statements: statements.map(viewStatement),
      notes: file === undefined ? [] : [...file.notes, ...accountNotes(file, account)],
      faults: faulty?.faults ?? [],
      faultCount: faulty?.faultCount ?? 0,
    };
    return { preview, file, digest };
  }
}

async function* hashed(
  source: AsyncIterable<Buffer>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

/** A preview looks at a file of any account, and says when it is of another than the one that was named. */
function accountNotes(file: BankFile, account: string): readonly BankFileFault[] {
  return file.statements
    .filter((statement) => statement.account !== '' && !isAccount(statement.account, account))
    .map(({ line, account: found }) => ({
      line,
      field: 'account',
      reason: `the statement is of account ${found}, not ${account}`,
    }));
}

function viewSums(sums: readonly EntrySums[]): readonly SumsView[] {
  return sums.map(({ currency, creditCount, creditMinor, debitCount, debitMinor, otherCount }) => ({
    currency,
    creditCount,
    creditSum: formatMinor(creditMinor, currency),
    debitCount,
    debitSum: formatMinor(debitMinor, currency),
    netSum: formatMinor(creditMinor - debitMinor, currency),
    notCounted: otherCount,
  }));
}

function viewBalance(balance: BankBalance | undefined): BalanceView | undefined {
  if (balance === undefined) return undefined;
  const { type, day, currency, signedMinor } = balance;
  return { type, day, amount: formatMinor(signedMinor, currency), currency };
}

function viewStatement(statement: BankStatement): StatementPreview {
  const { line, id, sequence, account, currency, opening, closing, entries } = statement;
  return {
    line,
    id,
    sequence,
    account,
    currency,
    openingBalance: viewBalance(opening),
    closingBalance: viewBalance(closing),
    entryCount: entries.length,
    sums: viewSums(entrySums(entries)),
    entries: entries.map(viewEntry),
  };
}

/** As it was read, with amounts as decimals. */
function viewEntry({ amountMinor, details, charges, ...entry }: BankEntry): unknown {
  const { currency } = entry;
  const written = (amount: { currency: string; amountMinor: bigint }) => ({
    amount: formatMinor(amount.amountMinor, amount.currency),
    currency: amount.currency,
  });
  return {
    ...entry,
    amount: formatMinor(amountMinor, currency),
    charges: charges.map(written),
    details: details.map(({ amountMinor: minor, instructed, ...detail }) => ({
      ...detail,
      amount: minor === undefined ? undefined : formatMinor(minor, currency),
      instructed: instructed === undefined ? undefined : written(instructed),
    })),
  };
}
