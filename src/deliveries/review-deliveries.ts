/** Read side of the outbox, and send-again by hand. Sending again is safe: recipients tell repeats by our ids. */
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import type { DeliveryRow } from './deliveries.tables';
import { DeliveryStore } from './delivery.store';

@Injectable()
export class ReviewDeliveries {
  constructor(
    private readonly database: Database,
    private readonly store: DeliveryStore,
    private readonly audit: AuditTrail,
  ) {}

  async list(filter: {
    state?: DeliveryRow['state'];
    limit: number;
  }): Promise<readonly DeliveryRow[]> {
    return this.store.list(this.database.reader, filter);
  }

  async countOpen(): Promise<number> {
    return this.store.countOpen(this.database.reader);
  }

  async resend(what: { id?: bigint; subject?: string }, actor: string): Promise<number> {
    return this.database.transaction(async (tx) => {
      const count = await this.store.makeDue(tx, what);
      await this.audit.record(tx, {
        actor,
        action: 'delivery.resent',
        subject: what.subject ?? String(what.id),
        detail: { count },
      });
      return count;
    });
  }
}
