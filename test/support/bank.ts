/** Bank statements as plain values, for flows that need no file. */
import { createHash } from 'node:crypto';
import type { BusinessDay } from '../../src/kernel/business-day';
import type {
  BankEntry,
  BankFile,
  BankFileFormat,
  BankStatement,
} from '../../src/reconciliation/bank-statement.rules';
import { ImportBankFile, type ImportedStatement } from '../../src/settlement/import-bank-file';
import type { TestGateway } from './gateway';

let line = 0;

/** Above zero a credit, below zero a debit. */
export function bankEntry(
  day: string,
  signedMinor: bigint,
  more: Partial<BankEntry> = {},
): BankEntry {
  line += 1;
  return {
    line,
    path: `row ${String(line)}`,
    status: 'booked',
    direction: signedMinor < 0n ? 'debit' : 'credit',
    amountMinor: signedMinor < 0n ? -signedMinor : signedMinor,
    currency: 'TZS',
    isReversal: false,
    bookingDay: day as BusinessDay,
    valueDay: undefined,
    bankReference: `BR${String(line)}`,
    entryReference: '',
    transactionCode: '',
    endToEndId: '',
    remittance: '',
    counterparty: { name: '', account: '' },
    returnReason: '',
    charges: [],
    batchCount: undefined,
    details: [],
    ...more,
  };
}

/** One statement of an account that begins with `openingMinor` and ends where its entries lead. */
export function bankFile(
  account: string,
  id: string,
  day: string,
  openingMinor: bigint,
  entries: readonly BankEntry[],
  format: BankFileFormat = 'camt.053',
): BankFile {
  const signed = (entry: BankEntry) =>
    entry.direction === 'credit' ? entry.amountMinor : -entry.amountMinor;
  const balance = (type: string, signedMinor: bigint) => ({
    line: 1,
    type,
    day: day as BusinessDay,
    currency: 'TZS',
    signedMinor,
  });
  const hasBalances = format !== 'camt.054';
  const statement: BankStatement = {
    line: 1,
    id,
    sequence: '',
    account,
    currency: 'TZS',
    firstDay: day as BusinessDay,
    lastDay: day as BusinessDay,
    opening: hasBalances ? balance('OPBD', openingMinor) : undefined,
    closing: hasBalances
      ? balance(
          'CLBD',
          entries.reduce((sum, entry) => sum + signed(entry), openingMinor),
        )
      : undefined,
    balances: [],
    entries,
  };
  return { format, version: format, statements: [statement], notes: [] };
}

export async function importFile(
  gateway: TestGateway,
  file: BankFile,
  account?: string,
): Promise<readonly ImportedStatement[]> {
  return gateway.app.get(ImportBankFile, { strict: false }).execute({
    file,
    fileName: 'statement.xml',
    digest: createHash('sha256').update(String(line)).digest(),
    account,
    importedBy: 'test',
  });
}

/** Debits less credits of each account of the ledger that is not empty. */
export async function balances(gateway: TestGateway): Promise<Readonly<Record<string, string>>> {
  const { rows } = await gateway.db.query<{ name: string; sum: string }>(
    `select a.name, sum(p.debit_minor - p.credit_minor)::text as sum
       from posting p join ledger_account a on a.id = p.account_id
      group by a.name having sum(p.debit_minor - p.credit_minor) <> 0 order by a.name`,
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.sum]));
}
