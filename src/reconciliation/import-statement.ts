/**
 * Imports a PSP's day statement (CSV), whole or not at all; every bad line is reported with its number. The file goes
 * through one COPY as it is read, so a million lines need no more memory than ten. The same bytes as the live revision
 * change nothing; other bytes, also those of an older revision, are a new revision that replaces the live one.
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { readStatementMapping } from '../parties/statement-mapping.rules';
import { Database, type Tx } from '../platform/database/database';
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
}

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

  private async import(tx: Tx, command: StatementToImport): Promise<ImportOutcome> {
    const { pspCode, day } = command;
    const psp = await this.store.findPsp(tx, pspCode);
    if (psp === undefined) {
      throw new Refusal('statement.psp-unknown', `${pspCode} is not an enrolled PSP`, 'not-found');
    }
    const mapping = readStatementMapping(psp.statementMapping);
    const file = new StatementFile(command.open(), { pspCode, day, mapping });
    if (!command.isDryRun) await this.store.lockDay(tx, psp.id, day);
    await this.store.stageLines(tx, copyRows(file.lines()));
    if (file.faultCount > 0) throw new FaultyFile(file);
    const facts = { lineCount: file.lineCount, totals: file.totals, firstLines: file.firstLines };
    if (command.isDryRun) return { kind: 'checked', ...facts };
    const digest = file.digest();
    if (await this.store.findStatement(tx, psp.id, day, digest))
      return { kind: 'already-imported', ...facts };
    const { revision } = await this.keep.execute(
      tx,
      { ...command, pspId: psp.id, digest, lineCount: file.lineCount },
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

const copySigns: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

function copyText(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (sign) => copySigns[sign] ?? sign);
}
