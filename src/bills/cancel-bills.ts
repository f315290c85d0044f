/**
 * Cancels unpaid bills and says per bill what became of it. Cancelling what is cancelled or expired succeeds again;
 * paid and partly paid bills stay (rulings.md §2).
 */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { ServiceProvider } from '../parties/party-directory';
import { decideCancellation } from './bill.rules';
import { BillStore } from './bill.store';

export type CancellationResult =
  | 'cancelled'
  | 'bill.already-cancelled'
  | 'bill.expired'
  | 'bill.settled'
  | 'bill.partly-paid'
  | 'bill.unknown';

export interface CancellationAnswer {
  readonly billId: string;
  readonly result: CancellationResult;
}

@Injectable()
export class CancelBills {
  constructor(
    private readonly store: BillStore,
    private readonly audit: AuditTrail,
  ) {}

  async execute(
    tx: Tx,
    sp: ServiceProvider,
    billIds: readonly string[],
    reason: string,
  ): Promise<readonly CancellationAnswer[]> {
    const bills = await this.store.lockForCancel(tx, sp.id, billIds);
    const found = new Map(bills.map((bill) => [bill.spBillId, bill]));
    const now = await this.store.now(tx);
    const answers = billIds.map((billId): CancellationAnswer => {
      const bill = found.get(billId);
      if (bill === undefined) return { billId, result: 'bill.unknown' };
      const isPast = bill.state === 'open' && now > bill.expiresAt;
      return { billId, result: decideCancellation(isPast ? 'expired' : bill.state) };
    });
    const cancelled = answers
      .filter((answer) => answer.result === 'cancelled')
      .flatMap((answer) => found.get(answer.billId)?.id ?? []);
    await this.store.cancel(tx, cancelled, reason);
    await this.audit.record(
      tx,
      ...answers.map(({ billId, result }) => ({
        actor: sp.code,
        action: 'bill.cancel-requested',
        subject: `${sp.code}/${billId}`,
        detail: { result },
      })),
    );
    return answers;
  }
}
