/** How the CSV of each account at a bank is read, as data: judged when it is set, found when a file comes. */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Reader, type Tx } from '../platform/database/database';
import { isAccount } from '../reconciliation/bank-account.rules';
import { type BankMapping, readBankMapping } from '../reconciliation/bank-files/bank-mapping.rules';
import { BankMappingStore, type StoredMapping } from './bank-mapping.store';
import { TermsStore } from './terms.store';

@Injectable()
export class ManageBankMappings {
  constructor(
    private readonly database: Database,
    private readonly store: BankMappingStore,
    private readonly terms: TermsStore,
    private readonly audit: AuditTrail,
  ) {}

  async list(): Promise<readonly StoredMapping[]> {
    return this.store.list(this.database.reader);
  }

  /** However the account is written; undefined where it has none. */
  async find(account: string): Promise<BankMapping | undefined> {
    const found = (await this.list()).find((each) => isAccount(account, each.account));
    return found === undefined ? undefined : readBankMapping(found.mapping);
  }

  /** The account's one before is replaced. Refuses: statement.mapping-bad, bank-mapping.account-unknown. */
  async set(account: string, given: unknown, actor: string): Promise<void> {
    readBankMapping(given);
    await this.database.transaction(async (tx) => {
      const known = await this.accountOf(tx, account);
      const before = await this.keptOf(tx, known);
      await this.store.set(tx, known, given as object, actor);
      await this.audit.record(tx, {
        actor,
        action: 'bank-mapping.set',
        subject: known,
        detail: { before, after: given },
      });
    });
  }

  /** Refuses: bank-mapping.none. */
  async remove(account: string, actor: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = await this.keptOf(tx, account);
      if (!(await this.store.drop(tx, account)))
        throw new Refusal('bank-mapping.none', `account ${account} has no mapping`, 'not-found');
      await this.audit.record(tx, {
        actor,
        action: 'bank-mapping.removed',
        subject: account,
        detail: { before, after: null },
      });
    });
  }

  /** The enrolled accounts, each once. */
  async accounts(): Promise<readonly string[]> {
    const all = await this.enrolled(this.database.reader);
    return [...new Set(all.map(({ account }) => account))].sort();
  }

  private async keptOf(tx: Tx, account: string): Promise<object | null> {
    return (await this.store.list(tx)).find((each) => each.account === account)?.mapping ?? null;
  }

  private async enrolled(reader: Reader): Promise<readonly { readonly account: string }[]> {
    return [
      ...(await this.terms.treasuries(reader)),
      ...(await this.terms.collectionAccounts(reader)),
    ];
  }

  private async accountOf(tx: Tx, account: string): Promise<string> {
    const found = (await this.enrolled(tx)).find((each) => isAccount(account, each.account));
    if (found !== undefined) return found.account;
    throw new Refusal(
      'bank-mapping.account-unknown',
      `"${account}" is no enrolled account`,
      'not-found',
    );
  }
}
