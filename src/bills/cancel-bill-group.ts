/** Cancels a combined bill as a whole, while none of its parts has money on it; answers as for a bill (rulings.md §2). */
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { ServiceProvider } from '../parties/party-directory';
import type { Tx } from '../platform/database/database';
import { decideCancellation } from './bill.rules';
import { BillStore } from './bill.store';
import type { CancellationAnswer, CancellationResult } from './cancel-bills';
import { stateOfAll } from './combined-bill.rules';
import { GroupStore } from './group.store';
import { NumberStore } from './number.store';

@Injectable()
export class CancelBillGroup {
  constructor(
    private readonly store: GroupStore,
    private readonly numbers: NumberStore,
    private readonly bills: BillStore,
    private readonly audit: AuditTrail,
  ) {}

  /** `sp` is the submitter: nobody else knows the id of the whole. */
  async execute(
    tx: Tx,
    sp: ServiceProvider,
    groupBillId: string,
    reason: string,
  ): Promise<CancellationAnswer> {
    const result = await this.cancel(tx, sp, groupBillId, reason);
    await this.audit.record(tx, {
      actor: sp.code,
      action: 'group.cancel-requested',
      subject: `${sp.code}/${groupBillId}`,
      detail: { result },
    });
    return { billId: groupBillId, result };
  }

  private async cancel(
    tx: Tx,
    sp: ServiceProvider,
    groupBillId: string,
    reason: string,
  ): Promise<CancellationResult> {
    const group = await this.store.find(tx, sp.id, groupBillId);
    if (group === undefined) return 'bill.unknown';
    const parts = await this.numbers.lockCurrentBills(tx, [], [group.id]);
    const now = await this.bills.now(tx);
    const state = stateOfAll(
      parts.map((part) => (part.state === 'open' && now > part.expiresAt ? 'expired' : part.state)),
    );
    const hasMoney = parts.some((part) => part.paidMinor > 0n);
    const result = decideCancellation(state === 'expired' && hasMoney ? 'partly-paid' : state);
    if (result === 'cancelled') {
      await this.bills.cancel(
        tx,
        parts.map((part) => part.id),
        reason,
      );
    }
    return result;
  }
}
