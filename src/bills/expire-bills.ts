/** Job: moves bills past their expiry instant to expired. Payments compare the instant themselves, so a late job harms nothing. */
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database';
import { BillStore } from './bill.store';

const batch = 1_000;

@Injectable()
export class ExpireBills {
  constructor(
    private readonly database: Database,
    private readonly store: BillStore,
  ) {}

  /** Returns how many bills were due; a full batch means that there may be more. */
  async execute(): Promise<number> {
    return this.database.transaction((tx) => this.store.expire(tx, batch));
  }
}
