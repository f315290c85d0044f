/**
 * Imports what PSPs and banks lay into the watched folder, as `import-statement` does: all of a file or nothing. A file that
 * was taken lies in `done/`, one that was refused in `failed/`, each with its report; a refusal is an alarm too. What a
 * crash leaves behind is imported again, and is known by its content.
 */
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { formatAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { isOutage } from '../platform/database/outage';
import { Log } from '../platform/logging/logger';
import { ImportStatement } from '../reconciliation/import-statement';
import type { LineFault } from '../reconciliation/statement.rules';
import { PreviewBankFile } from '../reconciliation/preview-bank-file';
import { ImportBankFile } from './import-bank-file';
import { dayOfName, type InboxFault, type InboxOutcome, reportText } from './inbox.rules';
import { FileChanged, type InboxFile, InboxFolder } from './inbox-folder';
import { ManageBankMappings } from './manage-bank-mappings';

const importedBy = 'inbox';
/** So often an error that is none of the file's may happen before the file is put aside for the others. */
const mostTries = 3;

@Injectable()
export class TakeInbox {
  /** What could not be moved away is not imported again and again. */
  private readonly stuck = new Map<string, string>();
  private readonly tries = new Map<string, number>();

  constructor(
    private readonly folder: InboxFolder,
    private readonly statements: ImportStatement,
    private readonly previews: PreviewBankFile,
    private readonly bankFiles: ImportBankFile,
    private readonly mappings: ManageBankMappings,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    private readonly log: Log,
  ) {}

  /** Returns how many files were put away. An outage of the database ends the turn, and no file is blamed for it. */
  async execute(): Promise<number> {
    let count = 0;
    for (const file of await this.folder.atRest()) {
      const path = join(file.folder, file.name);
      if (this.stuck.get(path) === file.stamp) continue;
      const outcome = await this.outcomeOf(file, path);
      if (outcome === undefined) continue;
      this.tries.delete(path);
      if (!outcome.isTaken) await this.tell(file, outcome);
      count += (await this.putAway(file, path, outcome)) ? 1 : 0;
    }
    return count;
  }

  /** Undefined for a file that is left where it is, to be tried again. */
  private async outcomeOf(file: InboxFile, path: string): Promise<InboxOutcome | undefined> {
    try {
      if (file.refused !== undefined) return failed([whole(file.refused)]);
      return file.owner.kind === 'psp'
        ? await this.dayStatement(file, file.owner.pspCode)
        : await this.bankFile(file, file.owner.account);
    } catch (fault) {
      if (fault instanceof FileChanged) return undefined;
      if (fault instanceof Refusal) return failed([whole(fault.detail)]);
      if (isOutage(fault)) throw fault;
      this.log.error('inbox-file-failed', { file: path, fault });
      const tries = (this.tries.get(path) ?? 0) + 1;
      this.tries.set(path, tries);
      if (tries < mostTries) return undefined;
      return failed([whole('the gateway could not import it; its log says why')]);
    } finally {
      await this.folder.close();
    }
  }

  private async dayStatement(file: InboxFile, pspCode: string): Promise<InboxOutcome> {
    const open = () => this.folder.read(file);
    const named = dayOfName(file.name);
    const found = named === undefined ? await this.statements.dayOf({ pspCode, open }) : undefined;
    const day = named ?? found?.day;
    if (day === undefined) {
      if (found !== undefined && found.faultCount > 0)
        return failed(found.faults.map(ofColumn), found.faultCount);
      const reason =
        'neither the name nor the lines tell one day; name the file like 2026-11-24.csv';
      return failed([whole(reason)]);
    }
    const outcome = await this.statements.execute({
      pspCode,
      day,
      fileName: file.name,
      open,
      importedBy,
      isDryRun: false,
    });
    if (outcome.kind === 'faulty') {
      return failed(outcome.faults.map(ofColumn), outcome.faultCount);
    }
    const sums = outcome.totals.map(
      ({ currency, amountMinor }) => `${currency} ${formatAmount(amountMinor)}`,
    );
    const facts = `${pspCode}, ${day}: ${[`${String(outcome.lineCount)} lines`, ...sums].join(', ')}`;
    return taken(
      outcome.kind === 'imported'
        ? `Imported as revision ${String(outcome.revision)} of ${facts}.`
        : `Known already, nothing changed: ${facts}.`,
    );
  }

  private async bankFile(file: InboxFile, account: string): Promise<InboxOutcome> {
    const {
      preview,
      file: read,
      digest,
    } = await this.previews.execute({
      fileName: file.name,
      account,
      source: this.folder.read(file),
      mappingOf: (of) => this.mappings.find(of),
    });
    if (read === undefined) return failed(preview.faults, preview.faultCount);
    const imported = await this.bankFiles.execute({
      file: read,
      fileName: file.name,
      digest,
      account,
      importedBy,
    });
    const facts = imported.map(
      (each) =>
        `${each.account} ${each.currency} ${each.bankId}: ${String(each.entryCount)} entries, ` +
        `credits ${formatAmount(each.creditMinor)}, debits ${formatAmount(each.debitMinor)}, ${each.state}`,
    );
    return taken(facts.join('\n'));
  }

  private async tell(file: InboxFile, { faults }: InboxOutcome): Promise<void> {
    const { owner, name } = file;
    const whose = owner.kind === 'psp' ? owner.pspCode : `account ${owner.account}`;
    const [first] = faults;
    const where = first === undefined || first.line === 0 ? '' : `line ${String(first.line)}, `;
    await this.database.transaction((tx) =>
      this.audit.raiseAlarm(tx, {
        kind: 'inbox-failed',
        subject: `${owner.kind === 'psp' ? owner.pspCode : owner.account}/${name}`,
        detail: `nothing of ${name} of ${whose} was imported: ${where}${first?.reason ?? ''}`,
      }),
    );
  }

  private async putAway(file: InboxFile, path: string, outcome: InboxOutcome): Promise<boolean> {
    try {
      await this.folder.putAway(file, outcome.isTaken, reportText(file.name, outcome));
      return true;
    } catch (fault) {
      this.stuck.set(path, file.stamp);
      this.log.error('inbox-file-stuck', { file: path, fault });
      const reason = `it was ${outcome.isTaken ? 'imported' : 'refused'}, and cannot be moved away: ${String(fault)}`;
      await this.tell(file, failed([whole(reason)]));
      return false;
    }
  }
}

function ofColumn({ line, column, reason }: LineFault): InboxFault {
  return { line, field: column, reason };
}

function whole(reason: string): InboxFault {
  return { line: 0, field: '', reason };
}

function taken(said: string): InboxOutcome {
  return { isTaken: true, said, faults: [] };
}

function failed(faults: readonly InboxFault[], faultCount = faults.length): InboxOutcome {
  const count = faultCount === 1 ? 'a fault' : `${String(faultCount)} faults`;
  const more = faultCount > faults.length ? ` The first ${String(faults.length)}:` : '';
  return { isTaken: false, said: `Nothing was imported: ${count}.${more}`, faults };
}
