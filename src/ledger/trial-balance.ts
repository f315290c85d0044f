/** Balances by account up to a business day, and the proof that debits equal credits in each currency. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { Database } from '../platform/database/database';
import { type AccountBalance, LedgerStore } from './ledger.store';

export interface TrialBalanceView {
  readonly day: BusinessDay;
  readonly accounts: readonly AccountBalance[];
  readonly totals: readonly {
    readonly currency: string;
    readonly debitMinor: bigint;
    readonly creditMinor: bigint;
  }[];
  readonly isBalanced: boolean;
}

@Injectable()
export class TrialBalance {
  constructor(
    private readonly database: Database,
    private readonly store: LedgerStore,
  ) {}

  async execute(day: BusinessDay): Promise<TrialBalanceView> {
    const accounts = await this.store.balances(this.database.reader, day);
    const currencies = [...new Set(accounts.map((each) => each.currency))];
    const totals = currencies.map((currency) => {
      const own = accounts.filter((each) => each.currency === currency);
      return {
        currency,
        debitMinor: own.reduce((sum, each) => sum + each.debitMinor, 0n),
        creditMinor: own.reduce((sum, each) => sum + each.creditMinor, 0n),
      };
    });
    return {
      day,
      accounts,
      totals,
      isBalanced: totals.every((total) => total.debitMinor === total.creditMinor),
    };
  }
}
