/** The terms of PSPs and the accounts of the treasury, as data with a first day of validity. */
import { Injectable } from '@nestjs/common';
import { isCurrency } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import type { SettlementTerms } from './settlement-terms.rules';
import { type TermsOfPsp, TermsStore } from './terms.store';

@Injectable()
export class ManageTerms {
  constructor(
    private readonly database: Database,
    private readonly store: TermsStore,
    private readonly audit: AuditTrail,
  ) {}

  async list(): Promise<readonly TermsOfPsp[]> {
    return this.store.terms(this.database.reader);
  }

  async treasuries(): Promise<readonly { account: string; currency: string }[]> {
    return this.store.treasuries(this.database.reader);
  }

  /** Terms of the same account and first day are replaced. Refuses: settlement.psp-unknown. */
  async set(pspCode: string, terms: SettlementTerms, actor: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const psp = (await this.store.psps(tx)).find((each) => each.code === pspCode);
      if (psp === undefined) {
        throw new Refusal(
          'settlement.psp-unknown',
          `${pspCode} is not an enrolled PSP`,
          'not-found',
        );
      }
      const before = (await this.store.terms(tx)).find(
        (each) =>
          each.pspId === psp.id &&
          each.collectionAccount === terms.collectionAccount &&
          each.currency === terms.currency &&
          each.validFrom === terms.validFrom,
      );
      await this.store.setTerms(tx, psp.id, terms, actor);
      await this.audit.record(tx, {
        actor,
        action: 'settlement-terms.set',
        subject: pspCode,
        detail: JSON.parse(
          JSON.stringify({ before: before ?? null, after: terms }, (_key, value: unknown) =>
            typeof value === 'bigint' ? value.toString() : value,
          ),
        ) as object,
      });
    });
  }

  /** Refuses: settlement.treasury-unfit. */
  async setTreasury(account: string, currency: string, actor: string): Promise<void> {
    if (!isCurrency(currency) || !/^[A-Za-z0-9-]{1,50}$/.test(account)) {
      throw new Refusal('settlement.treasury-unfit', 'wanted an account number, and TZS or USD');
    }
    await this.database.transaction(async (tx) => {
      if (await this.store.isCollectionAccount(tx, account, currency)) {
        throw new Refusal(
          'settlement.treasury-unfit',
          `${account} is a collection account: the treasury's is another`,
          'conflict',
        );
      }
      const before = (await this.store.treasuries(tx)).find((each) => each.currency === currency);
      await this.store.setTreasury(tx, account, currency, actor);
      await this.audit.record(tx, {
        actor,
        action: 'treasury-account.set',
        subject: account,
        detail: { currency, before: before?.account ?? null, after: account },
      });
    });
  }
}
