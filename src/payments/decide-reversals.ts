/**
 * Officers' side of reversals: one asks, for a PSP that requested it or by himself, a second approves, and the payment
 * is taken back in the transaction of the approval. The second sees whether we shall owe the money or the PSP, as it was
 * read from settlement; what is not so any more is refused. A PSP's request is declined by one officer: no money moves.
 */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { Approvals } from '../officers/approvals';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Tx } from '../platform/database/database';
import { CorrectedPaymentStore } from './corrected-payment.store';
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
        if (isSettled !== (await this.isSettled(tx, reversal.paymentId))) {
          throw new Refusal(
            'reversal.settled-meanwhile',
            'who owes the money changed at the bank since it was proposed; decline it, and propose it again',
            'conflict',
          );
        }
        await this.reversePayment.execute(tx, { ...reversal, ...officers });
        if (requestId !== undefined)
          await this.store.decide(tx, requestId, 'approved', officers.approvedBy, reversal.reason);
      },
    });
  }

  /** Requests of PSPs, the oldest first. */
  async requests(state?: string): Promise<readonly OfficersRequest[]> {
    return this.store.all(this.database.reader, state);
  }

  /**
   * Proposes to reverse a payment; returns the id of the approval. Refuses: payment.unknown, reversal.unknown,
   * reversal.decided.
   */
  async propose(
    wish: {
      readonly paymentId?: string;
      readonly requestId?: string;
      readonly reason: string;
    },
    actor: string,
  ): Promise<string> {
    return this.database.transaction(async (tx) => {
      const { requestId, reason } = wish;
      const request = requestId === undefined ? undefined : await this.hold(tx, requestId);
      const paymentId = request?.paymentId ?? wish.paymentId ?? '';
      const payment = /^[0-9a-f-]{36}$/.test(paymentId)
        ? await this.payments.hold(tx, paymentId)
        : undefined;
      if (payment === undefined)
        throw new Refusal('payment.unknown', 'there is no such payment', 'not-found');
      return this.approvals.request(tx, {
        action,
        subject: `payment/${paymentId}`,
        content: {
          paymentId,
          isSettled: await this.isSettled(tx, paymentId),
          reason,
          ...(requestId === undefined ? {} : { requestId }),
        },
        requestedBy: actor,
      });
    });
  }

  /** Refuses: reversal.unknown, reversal.decided, reversal.reason-missing. */
  async decline(requestId: string, reason: string, actor: string): Promise<void> {
    if (reason.trim() === '')
      throw new Refusal('reversal.reason-missing', 'say why it is declined', 'unprocessable');
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

  private async isSettled(tx: Tx, paymentId: string): Promise<boolean> {
    return [...(await this.payments.settledParts(tx, paymentId)).values()].includes(true);
  }

  private async hold(tx: Tx, requestId: string): Promise<OfficersRequest> {
    const request = /^[0-9a-f-]{36}$/.test(requestId)
      ? await this.store.hold(tx, requestId)
      : undefined;
    if (request === undefined)
      throw new Refusal('reversal.unknown', 'there is no such request', 'not-found');
    if (request.state !== 'requested') {
      throw new Refusal('reversal.decided', `the request was ${request.state}`, 'conflict');
    }
    return request;
  }
}
