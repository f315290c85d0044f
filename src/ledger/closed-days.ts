/**
 * Which business days are closed. Nothing is added to a closed day: what comes late belongs to the open day and says
 * which day it is about (rulings.md §6). The database refuses the rest; this is for who wants to know before.
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Reader, Tx } from '../platform/database/database';
import { ClosedDayStore } from './closed-day.store';

export interface DayToPost {
  /** The day itself while it is open, else today. */
  readonly day: BusinessDay;
  /** The closed day that is meant, where `day` is another. */
  readonly refersToDay: BusinessDay | null;
}

@Injectable()
export class ClosedDays {
  constructor(private readonly store: ClosedDayStore) {}

  /** The last one; every day before it counts as closed too. */
  async latest(reader: Reader): Promise<BusinessDay | undefined> {
    return this.store.latest(reader);
  }

  async isClosed(reader: Reader, day: BusinessDay): Promise<boolean> {
    const latest = await this.store.latest(reader);
    return latest !== undefined && day <= latest;
  }

  /** Where something about `day` is to be put now. */
  async dayToPost(reader: Reader, day: BusinessDay): Promise<DayToPost> {
    if (!(await this.isClosed(reader, day))) return { day, refersToDay: null };
    return { day: await this.store.today(reader), refersToDay: day };
  }

  /** Waits for what is under way on the day, and lets nobody write for it until the transaction ends. */
  async hold(tx: Tx, day: BusinessDay): Promise<void> {
    await this.store.hold(tx, day);
  }

  /** For ever. The caller holds the day. */
  async close(tx: Tx, day: BusinessDay): Promise<void> {
    await this.store.add(tx, day);
  }
}
