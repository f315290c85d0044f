/**
 * Imports what a bank file holds, all of it or nothing. Every booked entry is posted at once, collection against
 * bank-unallocated, so that the account of the ledger is the bank's balance (rulings.md §8); matching only moves what lies
 * there. A statement that is known changes nothing; a gap between two balances is told, and is closed by the statement
 * that was missing.
 */
import { Injectable } from '@nestjs/common';
import { formatAmount, sumMinor } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { accounts } from '../ledger/chart-of-accounts.rules';
import { buildEntry, type EntryDraft } from '../ledger/entry.rules';
import { PostEntries } from '../ledger/post-entries';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Tx } from '../platform/database/database';
import { isAccount } from '../reconciliation/bank-account.rules';
import type { BankFile, BankStatement } from '../reconciliation/bank-statement.rules';
import { type BankStatementRecord, recordStatement } from './bank-record.rules';
import { BankStore } from './bank.store';
import { bankEntryDraft, openingDraft } from './settlement-entries.rules';
import { TermsStore } from './terms.store';

export interface BankFileToImport {
  readonly file: BankFile;
  readonly fileName: string;
  /** SHA-256 of the file. */
  readonly digest: Buffer;
  /** Enrolled; undefined: each statement names its own. */
  readonly account: string | undefined;
  readonly importedBy: string;
}

export interface ImportedStatement {
  readonly account: string;
  readonly currency: string;
  readonly bankId: string;
  readonly sequence: string;
  readonly state: 'imported' | 'already-imported';
  readonly entryCount: number;
  /** Of these, how many another statement or notification had told. */
  readonly knownCount: number;
  readonly creditMinor: bigint;
  readonly debitMinor: bigint;
  /** Closing balance less the one before it and what was booked since; null where one of the balances is not known. */
  readonly gapMinor: bigint | null;
}

@Injectable()
export class ImportBankFile {
  constructor(
    private readonly database: Database,
    private readonly store: BankStore,
    private readonly terms: TermsStore,
    private readonly ledger: PostEntries,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Refuses: bank-statement.account-unknown, bank-statement.account-different, bank-statement.conflict,
   * bank-statement.overlap, and what `recordStatement` refuses.
   */
  async execute(given: BankFileToImport): Promise<readonly ImportedStatement[]> {
    return this.database.longTransaction(async (tx) => {
      const imported: ImportedStatement[] = [];
      for (const statement of given.file.statements)
        imported.push(await this.one(tx, given, statement));
      return imported;
    });
  }

  private async one(
    tx: Tx,
    given: BankFileToImport,
    statement: BankStatement,
  ): Promise<ImportedStatement> {
    const { account, isTreasury } = await this.accountOf(tx, given, statement);
    const today = await this.store.today(tx);
    const { currency } = statement;
    const record = recordStatement(statement, given.file.format, account, currency, today);
    await this.store.lockAccount(tx, account, currency);
    const sum = (direction: 'credit' | 'debit') =>
      sumMinor(
        record.entries
          .filter((each) => each.direction === direction)
          .map((each) => each.amountMinor),
      );
    const facts = {
      account,
      currency,
      bankId: record.bankId,
      sequence: record.sequence,
      entryCount: record.entries.length,
      creditMinor: sum('credit'),
      debitMinor: sum('debit'),
    };
    if (await this.store.findContent(tx, record))
      return { ...facts, state: 'already-imported', knownCount: facts.entryCount, gapMinor: null };
    if (await this.store.findNamesake(tx, record)) {
      throw new Refusal(
        'bank-statement.conflict',
        `line ${String(statement.line)}: statement ${record.bankId} ${record.sequence} of ${account} is imported with other content`,
        'conflict',
      );
    }
    if (given.file.format === 'csv') await this.refuseOverlap(tx, record);
    const statementId = await this.store.addStatement(tx, record, given);
    const kept = await this.store.addEntries(tx, statementId, record);
    const asset = isTreasury ? accounts.treasury() : accounts.collection(account);
    await this.ledger.execute(tx, [
      ...(await this.openingOf(tx, record, statementId, asset)),
      ...kept.map((entry) =>
        bankEntryDraft({ ...entry, account, asset, currency: record.currency }),
      ),
    ]);
    const gapMinor = await this.gapOf(tx, record, statementId);
    await this.audit.record(tx, {
      actor: given.importedBy,
      action: 'bank-statement.imported',
      subject: `${account}/${record.lastDay}`,
      detail: {
        statement: statementId.toString(),
        entries: kept.length,
        digest: given.digest.toString('hex'),
        gap: gapMinor === null ? null : formatAmount(gapMinor),
      },
    });
    return { ...facts, state: 'imported', knownCount: facts.entryCount - kept.length, gapMinor };
  }

  /** A CSV has no number of its own; what has no reference either would be counted twice by files that overlap. */
  private async refuseOverlap(tx: Tx, record: BankStatementRecord): Promise<void> {
    const [place] = await this.store.findLike(tx, record);
    const entry = record.entries.find((each) => each.place === place);
    if (entry === undefined) return;
    throw new Refusal(
      'bank-statement.overlap',
      `line ${String(entry.lineNumber)}: an entry of ${entry.bookingDay} with this amount is imported already, and ` +
        `without the bank's reference nobody can tell whether it is the same`,
      'conflict',
    );
  }

  private async accountOf(
    tx: Tx,
    given: BankFileToImport,
    statement: BankStatement,
  ): Promise<{ account: string; isTreasury: boolean }> {
    const named = statement.account === '' ? (given.account ?? '') : statement.account;
    if (given.account !== undefined && !isAccount(named, given.account)) {
      throw new Refusal(
        'bank-statement.account-different',
        `line ${String(statement.line)}: the statement is of account ${named}, not of ${given.account}`,
        'conflict',
      );
    }
    const isIt = (each: { account: string; currency: string }) =>
      each.currency === statement.currency && isAccount(named, each.account);
    const treasury = (await this.terms.treasuries(tx)).find(isIt);
    const found = treasury ?? (await this.terms.collectionAccounts(tx)).find(isIt);
    if (found === undefined) {
      throw new Refusal(
        'bank-statement.account-unknown',
        `line ${String(statement.line)}: "${named}" is no enrolled account in ${statement.currency}`,
        'not-found',
      );
    }
    return { account: found.account, isTreasury: treasury !== undefined };
  }

  /** What the account held before its first statement; an older statement that comes later moves that beginning. */
  private async openingOf(
    tx: Tx,
    record: BankStatementRecord,
    statementId: bigint,
    asset: Parameters<typeof openingDraft>[0]['asset'],
  ): Promise<readonly EntryDraft[]> {
    const opening = await this.store.opening(tx, record.account, record.currency);
    if (opening === undefined || opening.dueMinor === opening.postedMinor) return [];
    const draft = openingDraft({
      ...record,
      statementId,
      asset,
      day: opening.firstDay,
      amountMinor: opening.dueMinor - opening.postedMinor,
    });
    return [buildEntry(draft)];
  }

  private async gapOf(
    tx: Tx,
    record: BankStatementRecord,
    statementId: bigint,
  ): Promise<bigint | null> {
    const [gap] = await this.store.gaps(tx, [statementId]);
    if (gap === undefined) return null;
    const { account, currency, firstDay, lastDay } = record;
    if (gap.gapMinor !== 0n) {
      const closing = formatAmount(gap.dueMinor + gap.gapMinor);
      await this.audit.raiseAlarm(tx, {
        kind: 'bank-statement-gap',
        subject: `${account}/${firstDay}`,
        detail:
          `the statement of ${account} to ${lastDay} closes with ${closing} ${currency}; the balance before it and what ` +
          `was booked since make ${formatAmount(gap.dueMinor)}: a statement is missing, or lines are kept twice`,
      });
    }
    return gap.gapMinor;
  }
}
