/**
 * A PSP asks that a payment be reversed, since its payer meant another number or amount. Nothing moves by asking: the
 * request is a case that waits for an officer, who is told by an alarm (product.md §4: reversal only by approval).
 */
import { Injectable } from '@nestjs/common';
import { newId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import type { PaymentServiceProvider } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Tx } from '../platform/database/database';
import type { ReversalRequest, ReversalWish } from './reversal-request';
import { type NotifiedPayment, ReversalStore } from './reversal.store';

@Injectable()
export class RequestReversal {
  constructor(
    private readonly database: Database,
    private readonly store: ReversalStore,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Refuses: payment.unknown, reversal.nothing-taken, reversal.intention-misplaced, reversal.nothing-wrong,
   * reversal.already-requested.
   */
  async execute(tx: Tx, psp: PaymentServiceProvider, wish: ReversalWish): Promise<ReversalRequest> {
    const payment = await this.store.findPayment(tx, psp.id, wish.transactionId);
    if (payment === undefined)
      throw new Refusal('payment.unknown', 'there is no such payment', 'not-found');
    const { paymentId, receiptNumber } = payment;
    if (paymentId === null || receiptNumber === null) {
      throw new Refusal(
        'reversal.nothing-taken',
        'the payment was refused, so that you still have the money',
        'conflict',
      );
    }
    checkIntention(wish, payment);
    const added = await this.store.add(tx, psp.id, {
      id: newId(),
      paymentId,
      receiptNumber,
      transactionId: wish.transactionId,
      reason: wish.reason,
      note: wish.note,
      intendedControlNumber: wish.intendedControlNumber ?? null,
      intendedAmountMinor: wish.intendedAmountMinor ?? null,
    });
    if (added === undefined) {
      throw new Refusal(
        'reversal.already-requested',
        'a reversal of this payment was requested for this reason before',
        'conflict',
      );
    }
    await this.audit.record(tx, {
      actor: psp.code,
      action: 'reversal.requested',
      subject: paymentId,
      detail: { requestId: added.id, reason: wish.reason, receiptNumber },
    });
    await this.audit.raiseAlarm(tx, {
      kind: 'reversal-requested',
      subject: `${psp.code}/${wish.transactionId}`,
      detail: `a PSP asks for the reversal of ${receiptNumber}: ${wish.reason}`,
    });
    return added;
  }

  /** Newest first, one more than the page holds. */
  async search(
    pspId: number,
    { before, limit }: { readonly before: string | undefined; readonly limit: number },
  ): Promise<readonly ReversalRequest[]> {
    return this.database.forParty(pspId).read((reader) =>
      this.store.search(reader, pspId, {
        limit: limit + 1,
        ...(before === undefined ? {} : { before }),
      }),
    );
  }

  /** Refuses: reversal.unknown, for one of another PSP as for none. */
  async one(pspId: number, id: string): Promise<ReversalRequest> {
    const [found] = await this.database
      .forParty(pspId)
      .read((reader) => this.store.search(reader, pspId, { id, limit: 1 }));
    if (found === undefined)
      throw new Refusal('reversal.unknown', 'there is no such request', 'not-found');
    return found;
  }
}

/** An officer must not have to guess which of two things is meant. */
function checkIntention(
  { reason, intendedControlNumber, intendedAmountMinor }: ReversalWish,
  { controlNumber, amountMinor }: NotifiedPayment,
): void {
  const [misplaced, field] =
    reason === 'wrong-number'
      ? [intendedAmountMinor !== undefined, 'intendedAmount']
      : [intendedControlNumber !== undefined, 'intendedControlNumber'];
  if (misplaced) {
    throw new Refusal(
      'reversal.intention-misplaced',
      `${field} says nothing of a ${reason.replace('-', ' ')}`,
      'unprocessable',
      { fields: [{ pointer: `/${field}`, code: 'field.misplaced', detail: `not with ${reason}` }] },
    );
  }
  if (intendedControlNumber === controlNumber || intendedAmountMinor === amountMinor) {
    throw new Refusal(
      'reversal.nothing-wrong',
      'what was intended is what was paid',
      'unprocessable',
    );
  }
}
