/**
 * Imports a PSP's day statement (CSV), whole or not at all; every bad line is reported with its number. The file goes
 * through one COPY as it is read, so a million lines need no more memory than ten. The same bytes as the live revision
 * change nothing; other bytes, also those of an older revision, are a new revision that replaces the live one.
 */
import { Injectable } from '@nestjs/common';
import { type BusinessDay, businessDayOf } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { readStatementMapping } from '../parties/statement-mapping.rules';
import type { CsvMapping } from '../platform/csv/csv-mapping.rules';
import { copyText } from '../platform/database/copy-text';
import { Database, type Reader, type Tx } from '../platform/database/database';
import { KeepStatement } from './keep-statement';
import { ReconciliationStore } from './reconciliation.store';
import { type CurrencyTotal, StatementFile } from './statement-file';
import type { LineFault, StatementLine } from './statement.rules';

interface Facts {
  readonly lineCount: number;
  readonly totals: readonly CurrencyTotal[];
  /** At most a hundred. */
  readonly firstLines: readonly StatementLine[];
}

export type ImportOutcome =
  | (Facts & { readonly kind: 'imported'; readonly revision: number })
  | (Facts & { readonly kind: 'already-imported' | 'checked' })
  | {
      readonly kind: 'faulty';
      /** The first hundred. */
      readonly faults: readonly LineFault[];
      readonly faultCount: number;
    };

export interface StatementToImport {
  readonly pspCode: string;
  readonly day: BusinessDay;
  readonly fileName: string;
  /** The file from its beginning, each time: a transaction that is superseded begins again. */
  readonly open: () => AsyncIterable<Buffer>;
  readonly importedBy: string;
  readonly isDryRun: boolean;
  /** Tried instead of the PSP's own, with a dry run. */
  readonly mapping?: object | null;
}

export interface DayOfFile {
  readonly day: BusinessDay | undefined;
  readonly faults: readonly LineFault[];
  readonly faultCount: number;
}

/** To read a file whose day is not known; that its lines are far from it is of no matter then. */
const anyDay = '2000-01-01' as BusinessDay;

/** Rolls back what was copied of a bad file. */
class FaultyFile extends Error {
  constructor(readonly file: StatementFile) {
    super('a statement with faults');
  }
}

@Injectable()
export class ImportStatement {
  constructor(
    private readonly database: Database,
    private readonly store: ReconciliationStore,
    private readonly keep: KeepStatement,
  ) {}

  /** Refuses: statement.psp-unknown, statement.mapping-bad. */
  async execute(command: StatementToImport): Promise<ImportOutcome> {
    try {
      return await this.database.longTransaction((tx) => this.import(tx, command));
    } catch (thrown) {
      if (!(thrown instanceof FaultyFile)) throw thrown;
      const { faults, faultCount } = thrown.file;
      return { kind: 'faulty', faults, faultCount };
    }
  }

  /**
   * The day that most lines of a file are of, where nobody names one; undefined where two days have as many, or no line can
   * be read, and then with what is wrong. Refuses: statement.psp-unknown, statement.mapping-bad.
   */
  async dayOf(command: Pick<StatementToImport, 'pspCode' | 'open'>): Promise<DayOfFile> {
    const { pspCode } = command;
    const { mapping } = await this.pspOf(this.database.reader, pspCode);
    const file = new StatementFile(command.open(), { pspCode, day: anyDay, mapping });
    const counts = new Map<BusinessDay, number>();
    for await (const { paidAt } of file.lines()) {
      const day = businessDayOf(paidAt);
      counts.set(day, (counts.get(day) ?? 0) + 1);
    }
    const [first, second] = [...counts].sort(([, a], [, b]) => b - a);
    if (first === undefined) {
      const { faults, faultCount } = file;
      return { day: undefined, faults, faultCount };
    }
    return { day: first[1] === second?.[1] ? undefined : first[0], faults: [], faultCount: 0 };
  }

  private async pspOf(
    reader: Reader,
    code: string,
    tried?: object | null,
  ): Promise<{ id: number; mapping: CsvMapping }> {
    const psp = await this.store.findPsp(reader, code);
    if (psp === undefined) {
      throw new Refusal('statement.psp-unknown', `${code} is not an enrolled PSP`, 'not-found');
    }
    return {
      id: psp.id,
      mapping: readStatementMapping(tried === undefined ? psp.statementMapping : tried),
    };
  }

  private async import(tx: Tx, command: StatementToImport): Promise<ImportOutcome> {
    const { pspCode, day } = command;
    const { id: pspId, mapping } = await this.pspOf(
      tx,
      pspCode,
      command.isDryRun ? command.mapping : undefined,
    );
    const file = new StatementFile(command.open(), { pspCode, day, mapping });
    if (!command.isDryRun) await this.store.lockDay(tx, pspId, day);
    await this.store.stageLines(tx, copyRows(file.lines()));
    if (file.faultCount > 0) throw new FaultyFile(file);
    const facts = { lineCount: file.lineCount, totals: file.totals, firstLines: file.firstLines };
    if (command.isDryRun) return { kind: 'checked', ...facts };
    const digest = file.digest();
    if (await this.store.findStatement(tx, pspId, day, digest))
      return { kind: 'already-imported', ...facts };
    const { revision } = await this.keep.execute(
      tx,
      { ...command, pspId, digest, lineCount: file.lineCount },
      (statementId) => this.store.keepStaged(tx, statementId),
    );
    return { kind: 'imported', revision, ...facts };
  }
}

/** Rows of COPY in messages of 64 kB: one a row would cost more than the row. */
async function* copyRows(lines: AsyncIterable<StatementLine>): AsyncGenerator<string> {
  let rows = '';
  for await (const line of lines) {
    rows += [
      String(line.line),
      copyText(line.transactionId),
      line.controlNumber,
      line.amountMinor.toString(),
      line.currency,
      copyText(line.receiptNumber),
      `${line.paidAt.toISOString()}\n`,
    ].join('\t');
    if (rows.length < 65_536) continue;
    yield rows;
    rows = '';
  }
  if (rows !== '') yield rows;
}
