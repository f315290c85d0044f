/**
 * Takes a payment back, whole or in part, after two officers said so: the bills are what they were, a counter-entry is
 * posted on the open day, and the institution hears of it through its feed. The payment row never changes (product.md
 * §4, rulings.md §8). Generations 4 and 5 have no message for it; who speaks only these hears of
 * it from the day: among the exceptions of the day on which it was taken back, and in the remarks of the payment.
 */
import { Injectable } from '@nestjs/common';
import { TakeBack, type TakenBackPart } from '../bills/take-back';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { newId } from '../kernel/ids';
import { formatAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import type { EntryDraft } from '../ledger/entry.rules';
import { PostEntries } from '../ledger/post-entries';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { Tx } from '../platform/database/database';
import {
  CorrectedPaymentStore,
  type HeldPart,
  type HeldPayment,
  type Officers,
} from './corrected-payment.store';
import { reversalEntry, suspenseReversalEntry } from './reversal.rules';

interface WantedReversal {
  readonly paymentId: string;
  /**
   * Of a correction to what the PSP says, which is owed to the PSP: how much. A reversal takes all that is left, for the
   * payer: the PSP still holds it, or, where its clearing came to the bank, we owe it ourselves.
   */
  readonly amountMinor?: bigint;
}

export interface Reversal extends WantedReversal, Officers {
  readonly reason: string;
}

export interface ReversalPlan {
  /** Of the reversal that it would be. */
  readonly id: string;
  readonly payment: HeldPayment;
  readonly amountMinor: bigint;
  readonly taken: readonly TakenBackPart[];
  /** The money, or part of it, is at the bank: we owe it to the payer. */
  readonly isSettled: boolean;
  readonly entry: EntryDraft;
}

@Injectable()
export class ReversePayment {
  constructor(
    private readonly store: CorrectedPaymentStore,
    private readonly bills: TakeBack,
    private readonly ledger: PostEntries,
    private readonly deliveries: EnqueueDelivery,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * What it would do now, and nothing of it done. Refuses: payment.unknown, reversal.nothing-left, reversal.refunded.
   */
  async plan(tx: Tx, { paymentId, amountMinor: wanted }: WantedReversal): Promise<ReversalPlan> {
    const payment = await this.store.hold(tx, paymentId);
    if (payment === undefined)
      throw new Refusal('payment.unknown', 'there is no such payment', 'not-found');
    const left = payment.amountMinor - payment.takenBackMinor;
    const amountMinor = wanted ?? left;
    if (amountMinor <= 0n || amountMinor > left) {
      throw new Refusal(
        'reversal.nothing-left',
        `${formatAmount(left)} ${payment.currency} of the payment are left to be taken back`,
        'conflict',
      );
    }
    if (payment.refundedMinor > left - amountMinor) {
      throw new Refusal(
        'reversal.refunded',
        `${formatAmount(payment.refundedMinor)} ${payment.currency} of the payment are refunded`,
        'conflict',
      );
    }
    const { now, day } = await this.store.moment(tx);
    const id: string = newId();
    const parts = await this.store.parts(tx, payment.id);
    const facts = { id, businessDay: day, currency: payment.currency, psp: payment.pspCode };
    const settled =
      wanted === undefined
        ? await this.store.settledParts(tx, payment.id)
        : new Map<string, boolean>();
    const taken =
      parts.length === 0
        ? []
        : await this.bills.plan(
            tx,
            parts,
            amountMinor,
            await this.store.perGfs(tx, payment.id),
            now,
          );
    const entry =
      parts.length === 0
        ? suspenseReversalEntry({
            ...facts,
            collectionAccount: payment.collectionAccount,
            amountMinor,
            isSettled: settled.get('') ?? false,
          })
        : entryOf(facts, taken, parts, settled);
    const isSettled = [...settled.values()].includes(true);
    return { id, payment, amountMinor, taken, isSettled, entry };
  }

  /** Returns the id of the reversal. Refuses as `plan`. */
  async execute(tx: Tx, reversal: Reversal): Promise<string> {
    const plan = await this.plan(tx, reversal);
    const { id, payment, amountMinor, taken, isSettled, entry } = plan;
    if (taken.length > 0) await this.bills.execute(tx, taken);
    await this.store.addReversal(tx, {
      ...reversal,
      id,
      paymentId: payment.id,
      kind: reversal.amountMinor === undefined ? 'reversal' : 'correction',
      amountMinor,
      isSettled,
      parts: taken,
    });
    await this.ledger.execute(tx, [entry]);
    await this.tell(tx, id, payment, reversal, taken, amountMinor);
    await this.audit.record(tx, {
      actor: reversal.approvedBy,
      action: reversal.amountMinor === undefined ? 'payment.reversed' : 'payment.corrected',
      subject: payment.id,
      detail: {
        reversal: id,
        amount: formatAmount(amountMinor),
        requestedBy: reversal.requestedBy,
        reason: reversal.reason,
      },
    });
    return id;
  }

  /** Each institution hears of its own parts. */
  private async tell(
    tx: Tx,
    reversalId: string,
    payment: HeldPayment,
    reversal: Reversal,
    taken: readonly TakenBackPart[],
    amountMinor: bigint,
  ): Promise<void> {
    const isWhole = reversal.amountMinor === undefined;
    const before = payment.amountMinor - payment.takenBackMinor;
    const bySp = new Map<number, TakenBackPart[]>();
    for (const part of taken) bySp.set(part.spId, [...(bySp.get(part.spId) ?? []), part]);
    await this.deliveries.execute(
      tx,
      [...bySp].map(([recipientId, parts], place) => ({
        recipientId,
        subject: payment.controlNumber,
        url: null,
        message: {
          kind: isWhole ? ('payment-reversed' as const) : ('payment-corrected' as const),
          form: 'webhook' as const,
          // One amendment is one event in each feed that it concerns.
          amendmentId: place === 0 ? reversalId : `${reversalId}_${String(place)}`,
          paymentId: payment.id,
          receiptNumber: payment.receiptNumber,
          controlNumber: payment.controlNumber,
          pspCode: payment.pspCode,
          pspTransactionId: payment.transactionId,
          currency: payment.currency,
          amount: formatAmount(isWhole ? before : before - amountMinor),
          amountBefore: formatAmount(before),
          bills: parts.map((part) => ({
            billId: part.spBillId,
            state: part.bill.state,
            paidAmount: formatAmount(part.bill.paidMinor),
          })),
          reason: reversal.reason,
        },
      })),
    );
  }
}

function entryOf(
  facts: Omit<Parameters<typeof reversalEntry>[0], 'parts'>,
  taken: readonly TakenBackPart[],
  parts: readonly HeldPart[],
  settled: ReadonlyMap<string, boolean>,
): EntryDraft {
  return reversalEntry({
    ...facts,
    parts: taken.map((part) => ({
      sp: part.spCode,
      collectionAccount: parts.find((each) => each.billId === part.billId)?.collectionAccount ?? '',
      items: part.bill.items.map((item, i) => ({
        gfsCode: item.gfsCode,
        amountMinor: part.itemAmounts[i] ?? 0n,
      })),
      surplusMinor: part.surplusMinor,
      isSettled: settled.get(part.billId) ?? false,
    })),
  });
}
