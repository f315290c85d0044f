/**
 * Officers' side of reversals: one asks, for a PSP that requested it or by himself, a second approves, and the payment
 * is taken back in the transaction of the approval. The second sees whether we shall owe the money or the PSP, as it was
 * read from settlement; what is not so any more is refused. A PSP's request is declined by one officer: no money moves.
 */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { isId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { Approvals } from '../officers/approvals';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Tx } from '../platform/database/database';
import { CorrectedPaymentStore } from './corrected-payment.store';
import { plannedPostings } from './planned-postings';
import { ReversePayment } from './reverse-payment';
import { type OfficersRequest, ReversalStore } from './reversal.store';

const action = 'payments.reverse';

interface Content {
  readonly paymentId: string;
  /** As it was proposed: the money, or part of it, is at the bank, so that we owe it. */
  readonly isSettled: boolean;
  readonly reason: string;
  readonly requestId?: string;
}

@Injectable()
export class DecideReversals implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly store: ReversalStore,
    private readonly payments: CorrectedPaymentStore,
    private readonly reversePayment: ReversePayment,
    private readonly approvals: Approvals,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.approvals.register(action, {
      execute: async (tx, content, officers) => {
        const { requestId, isSettled, ...reversal } = content as unknown as Content;
        await this.requireAsProposed(tx, reversal.paymentId, isSettled);
        await this.reversePayment.execute(tx, { ...reversal, ...officers });
        if (requestId !== undefined)
          await this.store.decide(tx, requestId, 'approved', officers.approvedBy, reversal.reason);
      },
      plan: async (tx, content) => {
        const { paymentId, isSettled } = content as unknown as Content;
        await this.requireAsProposed(tx, paymentId, isSettled);
        const { entry } = await this.reversePayment.plan(tx, { paymentId });
        return plannedPostings(entry);
      },
    });
  }

  /** Requests of PSPs, the oldest first. */
  async requests(state?: string): Promise<readonly OfficersRequest[]> {
    return this.store.all(this.database.reader, state);
  }

  /**
   * Proposes to reverse a payment; returns the id of the approval. Refuses: reversal.reason-missing, payment.unknown,
   * reversal.unknown, reversal.decided, reversal.nothing-left, reversal.refunded.
   */
  async propose(
    wish: {
      readonly paymentId?: string;
      readonly requestId?: string;
      readonly reason: string;
    },
    actor: string,
  ): Promise<string> {
    const { requestId, reason } = wish;
    requireReason(reason, 'it is taken back');
    return this.database.transaction(async (tx) => {
      const request = requestId === undefined ? undefined : await this.hold(tx, requestId);
      const paymentId = request?.paymentId ?? wish.paymentId ?? '';
      if (!isId(paymentId))
        throw new Refusal('payment.unknown', 'there is no such payment', 'not-found');
      const { isSettled } = await this.reversePayment.plan(tx, { paymentId });
      return this.approvals.request(tx, {
        action,
        subject: `payment/${paymentId}`,
        content: {
          paymentId,
          isSettled,
          reason,
          ...(requestId === undefined ? {} : { requestId }),
        },
        requestedBy: actor,
      });
    });
  }

  /** Refuses: reversal.unknown, reversal.decided, reversal.reason-missing. */
  async decline(requestId: string, reason: string, actor: string): Promise<void> {
    requireReason(reason, 'it is declined');
    await this.database.transaction(async (tx) => {
      const request = await this.hold(tx, requestId);
      await this.store.decide(tx, requestId, 'declined', actor, reason);
      await this.audit.record(tx, {
        actor,
        action: 'reversal.declined',
        subject: request.paymentId,
        detail: { requestId, reason },
      });
    });
  }

  private async requireAsProposed(tx: Tx, paymentId: string, isSettled: boolean): Promise<void> {
    if (isSettled === (await this.isSettled(tx, paymentId))) return;
    throw new Refusal(
      'reversal.settled-meanwhile',
      'who owes the money changed at the bank since it was proposed; decline it, and propose it again',
      'conflict',
    );
  }

  private async isSettled(tx: Tx, paymentId: string): Promise<boolean> {
    return [...(await this.payments.settledParts(tx, paymentId)).values()].includes(true);
  }

  private async hold(tx: Tx, requestId: string): Promise<OfficersRequest> {
    const request = isId(requestId) ? await this.store.hold(tx, requestId) : undefined;
    if (request === undefined)
      throw new Refusal('reversal.unknown', 'there is no such request', 'not-found');
    if (request.state !== 'requested') {
      throw new Refusal('reversal.decided', `the request was ${request.state}`, 'conflict');
    }
    return request;
  }
}

function requireReason(reason: string, what: string): void {
  if (reason.trim() === '')
    throw new Refusal('reversal.reason-missing', `say why ${what}`, 'unprocessable');
}
