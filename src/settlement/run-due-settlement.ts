/** Runs settlement by itself when there is something to do: a statement came, a day began, money fell due, books changed. */
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database';
import { MatchSettlement } from './match-settlement';
import { SettlementStore } from './settlement.store';

@Injectable()
export class RunDueSettlement {
  constructor(
    private readonly database: Database,
    private readonly store: SettlementStore,
    private readonly match: MatchSettlement,
  ) {}

  async execute(): Promise<boolean> {
    if (!(await this.store.isRunDue(this.database.reader))) return false;
    await this.match.execute('malipo');
    return true;
  }
}
