/** Takes a delivery out of the schedule by hand, with the reason, and puts parked ones back. Audited. */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { PartyDirectory } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { ReviewStore } from './review.store';

@Injectable()
export class ParkDeliveries {
  constructor(
    private readonly database: Database,
    private readonly store: ReviewStore,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /** Refuses: delivery.not-waiting, for one that is under way, delivered or parked already. */
  async park(id: bigint, reason: string, actor: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.store.park(tx, id)))
        throw new Refusal(
          'delivery.not-waiting',
          `delivery ${String(id)} is not waiting`,
          'conflict',
        );
      await this.audit.record(tx, {
        actor,
        action: 'delivery.parked',
        subject: String(id),
        detail: { reason },
      });
    });
  }

  /** Returns how many are due again; their schedule begins anew. Refuses: party.unknown. */
  async unpark(what: { id: bigint } | { recipient: string }, actor: string): Promise<number> {
    const recipientId = 'recipient' in what ? await this.idOf(what.recipient) : undefined;
    return this.database.transaction(async (tx) => {
      const count = await this.store.unpark(
        tx,
        'id' in what ? { id: what.id } : { recipientId: recipientId ?? 0 },
      );
      await this.audit.record(tx, {
        actor,
        action: 'delivery.unparked',
        subject: 'id' in what ? String(what.id) : what.recipient,
        detail: { count },
      });
      return count;
    });
  }

  private async idOf(code: string): Promise<number> {
    const party = await this.directory.find(code);
    if (party === undefined)
      throw new Refusal('party.unknown', `${code} is not enrolled`, 'not-found');
    return party.id;
  }
}
