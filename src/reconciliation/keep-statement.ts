/** Keeps a day statement whose lines were read, by file or in pages: the next revision, which replaces the live one. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { Tx } from '../platform/database/database';
import { RaiseLateLines } from './raise-late-lines';
import { ReconciliationStore } from './reconciliation.store';
import type { StatementLine } from './statement.rules';

export interface ReadStatement {
  readonly pspId: number;
  readonly pspCode: string;
  readonly day: BusinessDay;
  readonly fileName: string;
  readonly digest: Buffer;
  readonly lines: readonly StatementLine[];
  readonly importedBy: string;
}

@Injectable()
export class KeepStatement {
  constructor(
    private readonly store: ReconciliationStore,
    private readonly audit: AuditTrail,
    private readonly late: RaiseLateLines,
  ) {}

  /** The caller holds the lock of the PSP's day (`lockDay`). */
  async execute(tx: Tx, statement: ReadStatement): Promise<{ id: bigint; revision: number }> {
    const { pspCode, day, digest, lines, importedBy } = statement;
    const kept = await this.store.addStatement(tx, { ...statement, lineCount: lines.length });
    await this.store.addLines(tx, kept.id, lines);
    await this.late.execute(tx, { ...statement, statementId: kept.id });
    await this.audit.record(tx, {
      actor: importedBy,
      action: 'statement.imported',
      subject: `${pspCode}/${day}`,
      detail: { revision: kept.revision, lines: lines.length, digest: digest.toString('hex') },
    });
    return kept;
  }
}
