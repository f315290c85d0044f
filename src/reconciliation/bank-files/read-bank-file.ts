/**
 * A bank's file, whatever it is: its kind by its first bytes, its statements, and the proof that they stand up to
 * themselves. All or nothing: one fault and there are no statements, only the report (security-reliability F7).
 */
import { type BankFile, type BankFileFault, fileFaults } from '../bank-statement.rules';
import type { BankMapping } from './bank-mapping.rules';
import { readCamt } from './camt-reader';
import { readBankCsv } from './csv-reader';
import { FaultLog, UnreadableFile } from './fault-log';
import { readMt940 } from './mt940-reader';
import { decoded, headOf, linesOf, peek } from './text-of-bytes';

/** What was read, or everything that is wrong: never both. */
export type BankFileReading =
  | { readonly kind: 'read'; readonly file: BankFile }
  | {
      readonly kind: 'faulty';
      readonly faults: readonly BankFileFault[];
      readonly faultCount: number;
    };

/** What a CSV is read by; a file of another kind asks for nothing. */
export interface CsvOfBank {
  /** As it was named by who brings the file. */
  readonly account: string;
  readonly mappingOf: (account: string) => Promise<BankMapping | undefined>;
}

export async function readBankFile(
  source: AsyncIterable<Buffer>,
  csv?: CsvOfBank,
): Promise<BankFileReading> {
  const log = new FaultLog();
  try {
    const file = await readAny(source, csv, log);
    if (log.count === 0) log.addAll(fileFaults(file));
    if (log.count === 0) return { kind: 'read', file };
  } catch (fault) {
    if (!(fault instanceof UnreadableFile)) throw fault;
    log.add(fault.line, fault.field, fault.reason);
  }
  return { kind: 'faulty', faults: log.faults, faultCount: log.count };
}

async function readAny(
  source: AsyncIterable<Buffer>,
  csv: CsvOfBank | undefined,
  log: FaultLog,
): Promise<BankFile> {
  const { head, bytes } = await peek(source);
  const kind = headOf(head);
  switch (kind.kind) {
    case 'other':
      throw new UnreadableFile(0, '', kind.reason);
    case 'xml':
      return readCamt(decoded(bytes, kind.charset), log);
    case 'mt940':
      return readMt940(linesOf(bytes), log);
    case 'text':
      return readText(bytes, csv, log);
  }
}

async function readText(
  bytes: AsyncGenerator<Buffer>,
  csv: CsvOfBank | undefined,
  log: FaultLog,
): Promise<BankFile> {
  const account = csv?.account ?? '';
  if (csv === undefined || account === '')
    throw new UnreadableFile(
      1,
      '',
      'neither XML nor MT940; a CSV is read by the account that it is of',
    );
  const mapping = await csv.mappingOf(account);
  if (mapping === undefined)
    throw new UnreadableFile(
      1,
      '',
      `neither XML nor MT940, and account ${account} has no mapping of CSV (settlement mapping set)`,
    );
  return readBankCsv(bytes, mapping, account, log);
}
