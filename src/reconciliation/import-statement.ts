/**
 * Imports a PSP's day statement (CSV), whole or not at all; every bad line is reported with its number. The same file
 * again changes nothing; another file of the same day is a new revision that replaces the live one.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { readCsv } from '../platform/csv/read-csv';
import { Database } from '../platform/database/database';
import { KeepStatement } from './keep-statement';
import { ReconciliationStore } from './reconciliation.store';
import { checkHeader, type LineFault, readLine, type StatementLine } from './statement.rules';

export type ImportOutcome =
  | {
      readonly kind: 'imported';
      readonly revision: number;
      readonly lines: readonly StatementLine[];
    }
  | { readonly kind: 'already-imported' | 'checked'; readonly lines: readonly StatementLine[] }
  | { readonly kind: 'faulty'; readonly faults: readonly LineFault[] };

const longestFile = 20 * 1024 * 1024;

@Injectable()
export class ImportStatement {
  constructor(
    private readonly database: Database,
    private readonly store: ReconciliationStore,
    private readonly keep: KeepStatement,
  ) {}

  /** Refuses: statement.psp-unknown, statement.file-large. */
  async execute(command: {
    pspCode: string;
    day: BusinessDay;
    fileName: string;
    bytes: Buffer;
    importedBy: string;
    isDryRun: boolean;
  }): Promise<ImportOutcome> {
    if (command.bytes.length > longestFile) {
      throw new Refusal('statement.file-large', 'the file is longer than 20 MB');
    }
    const read = await readStatement(command.bytes);
    if (read.faults.length > 0) return { kind: 'faulty', faults: read.faults };
    const { lines } = read;
    return this.database.longTransaction(async (tx) => {
      const pspId = await this.store.findPsp(tx, command.pspCode);
      if (pspId === undefined) {
        throw new Refusal(
          'statement.psp-unknown',
          `${command.pspCode} is not an enrolled PSP`,
          'not-found',
        );
      }
      if (command.isDryRun) return { kind: 'checked' as const, lines };
      await this.store.lockDay(tx, pspId, command.day);
      const digest = createHash('sha256').update(command.bytes).digest();
      if (await this.store.findStatement(tx, pspId, command.day, digest)) {
        return { kind: 'already-imported' as const, lines };
      }
      const { revision } = await this.keep.execute(tx, { ...command, pspId, digest, lines });
      return { kind: 'imported' as const, revision, lines };
    });
  }
}

async function readStatement(bytes: Buffer): Promise<{
  lines: readonly StatementLine[];
  faults: readonly LineFault[];
}> {
  const read = await readCsv(bytes, checkHeader);
  const faults: LineFault[] = [...read.faults];
  const lines: StatementLine[] = [];
  for (const each of read.lines) {
    const line = readLine(each);
    if ('amountMinor' in line) lines.push(line);
    else faults.push(...line);
  }
  return { lines, faults };
}
