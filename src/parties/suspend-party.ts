/**
 * Suspends a party and lets it back in: audited, with a reason. Every process notices within the five seconds that its
 * directory keeps a party. While suspended, its messages are answered 7206 or 7216; what it is owed waits, untried, and
 * goes out when it is back. Money for a suspended institution is still taken: the payer is not at fault.
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { PartyDirectory } from './party-directory';
import { PartyStore } from './party.store';

@Injectable()
export class SuspendParty {
  constructor(
    private readonly database: Database,
    private readonly store: PartyStore,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /** False when the party is in that state already: nothing is done, nothing is recorded. Refuses: party.unknown. */
  async execute(
    code: string,
    change: { readonly status: 'active' | 'suspended'; readonly reason: string },
    actor: string,
  ): Promise<boolean> {
    const isChanged = await this.database.transaction(async (tx) => {
      const party = await this.store.findByCode(tx, code);
      if (party === null) {
        throw new Refusal('party.unknown', `${code} is not enrolled`, 'not-found');
      }
      if (!(await this.store.setStatus(tx, party.id, change.status))) return false;
      await this.audit.record(tx, {
        actor,
        action: change.status === 'active' ? 'party.resumed' : 'party.suspended',
        subject: code,
        detail: { reason: change.reason, before: party.status, after: change.status },
      });
      return true;
    });
    this.directory.forget();
    return isChanged;
  }
}
