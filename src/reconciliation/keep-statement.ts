/**
 * Keeps a day statement whose lines were read, by file or in pages: the next revision, which replaces the live one. Who
 * read the lines puts them in, in the same transaction.
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { Tx } from '../platform/database/database';
import { RaiseLateLines } from './raise-late-lines';
import { ReconciliationStore } from './reconciliation.store';

export interface ReadStatement {
  readonly pspId: number;
  readonly pspCode: string;
  readonly day: BusinessDay;
  readonly fileName: string;
  readonly digest: Buffer;
  readonly lineCount: number;
  readonly importedBy: string;
}

/** So many at once that plans for fewer would take minutes over them. */
const manyLines = 1_000;

@Injectable()
export class KeepStatement {
  constructor(
    private readonly store: ReconciliationStore,
    private readonly audit: AuditTrail,
    private readonly late: RaiseLateLines,
  ) {}

  /** The caller holds the lock of the PSP's day (`lockDay`). */
  async execute(
    tx: Tx,
    statement: ReadStatement,
    addLines: (statementId: bigint) => Promise<void>,
  ): Promise<{ id: bigint; revision: number }> {
    const { pspCode, day, digest, lineCount, importedBy } = statement;
    const kept = await this.store.addStatement(tx, statement);
    await addLines(kept.id);
    if (lineCount >= manyLines) await this.store.lookAtLines(tx);
    await this.late.execute(tx, { ...statement, statementId: kept.id });
    await this.audit.record(tx, {
      actor: importedBy,
      action: 'statement.imported',
      subject: `${pspCode}/${day}`,
      detail: { revision: kept.revision, lines: lineCount, digest: digest.toString('hex') },
    });
    return kept;
  }
}
