/** Raises an alarm when a party that acknowledged its feed stopped doing so: it has what it does not know it lacks. */
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { FeedStore } from './feed.store';

/** A weekend's pause of a back office is usual on Sundays only; a working day is what nobody should be behind. */
const hours = 24;

@Injectable()
export class WatchFeeds {
  constructor(
    private readonly database: Database,
    private readonly store: FeedStore,
    private readonly audit: AuditTrail,
  ) {}

  /** Once for each position that stalls. Returns how many were new. */
  async execute(): Promise<number> {
    const stalled = await this.store.stalled(this.database.reader, hours);
    if (stalled.length === 0) return 0;
    return this.database.transaction(async (tx) => {
      let raised = 0;
      for (const { code, acknowledged, last, since } of stalled) {
        const isNew = await this.audit.raiseAlarmOnce(tx, {
          kind: 'feed-stalled',
          subject: `${code}/${String(acknowledged)}`,
          detail: `${code} acknowledged its feed up to ${String(acknowledged)} of ${String(last)}; the next event is there since ${since.toISOString()}`,
        });
        if (isNew) raised += 1;
      }
      return raised;
    });
  }
}
