/**
 * Ranges of control numbers: how far each is used, and one more prefix for an institution whose numbers run out. What is
 * allotted stays for ever. Audited, with before and after.
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { PartyDirectory } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { AllotPrefixes } from './allot-prefixes';
import { NumberStore, type RangeUsage } from './number.store';

@Injectable()
export class ManageRanges {
  constructor(
    private readonly database: Database,
    private readonly store: NumberStore,
    private readonly allot: AllotPrefixes,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
  ) {}

  async usage(): Promise<readonly RangeUsage[]> {
    return this.store.usage(this.database.reader);
  }

  /** Refuses: control-number.prefix-malformed, party.unknown, control-number.prefix-taken. */
  async widen(code: string, prefix: string, actor: string): Promise<void> {
    if (!/^\d{1,4}$/.test(prefix)) {
      throw new Refusal(
        'control-number.prefix-malformed',
        `"${prefix}" is not a prefix; wanted one to four digits`,
        'unprocessable',
      );
    }
    await this.database.transaction(async (tx) => {
      const party = await this.directory.find(code, tx);
      if (party?.kind !== 'service-provider')
        throw new Refusal('party.unknown', `there is no institution ${code}`, 'not-found');
      const before = await this.allot.held(tx, party.id);
      await this.allot.allot(tx, party.id, [...before, prefix]);
      await this.audit.record(tx, {
        actor,
        action: 'range.widened',
        subject: code,
        detail: { before, after: await this.allot.held(tx, party.id) },
      });
    });
  }
}
