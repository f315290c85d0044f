/**
 * Takes a payment, or some of it, back from the bills it went to, in the caller's transaction: first what that makes of
 * the bills, which are locked from then on, then the change itself.
 */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database';
import { PayableBillStore } from './payable-bill.store';
import { type TakenBack, takeBack } from './take-back.rules';

export interface PartToTakeBack {
  readonly billId: string;
  readonly spCode: string;
  /** What is left of the payment on this bill. */
  readonly principalMinor: bigint;
  readonly surplusMinor: bigint;
}

export interface TakenBackPart extends TakenBack {
  readonly billId: string;
  readonly spId: number;
  readonly spCode: string;
  readonly spBillId: string;
  readonly controlNumber: string;
  /** Version of the bill that this made. */
  readonly version: number;
}

@Injectable()
export class TakeBack {
  constructor(private readonly store: PayableBillStore) {}

  /**
   * `perGfs`: what is left of the payment in the ledger, by institution and GFS code (`SP701 142202`). The last part
   * gives first. Parts that give nothing are left out.
   */
  async plan(
    tx: Tx,
    parts: readonly PartToTakeBack[],
    amountMinor: bigint,
    perGfs: ReadonlyMap<string, bigint>,
    at: Date,
  ): Promise<readonly TakenBackPart[]> {
    const bills = await this.store.lockByIds(
      tx,
      parts.map((part) => part.billId),
    );
    const left = new Map(perGfs);
    const taken: TakenBackPart[] = [];
    let rest = amountMinor;
    for (const part of [...parts].reverse()) {
      const held = bills.get(part.billId);
      if (held === undefined) throw new Error(`bill ${part.billId} of a payment is gone`);
      const { bill, isCurrent } = held;
      const own = new Map(
        bill.items.map((item) => [item.gfsCode, left.get(keyOf(part, item.gfsCode)) ?? 0n]),
      );
      const back = takeBack(bill, part, rest, own, isCurrent && at <= bill.expiresAt);
      for (const [gfsCode, amount] of own) left.set(keyOf(part, gfsCode), amount);
      const amount = back.principalMinor + back.surplusMinor;
      if (amount === 0n) continue;
      rest -= amount;
      const { spId, spCode, spBillId, controlNumber } = bill;
      const version = bill.version + 1;
      taken.push({ ...back, billId: bill.id, spId, spCode, spBillId, controlNumber, version });
    }
    if (rest !== 0n) throw new Error('more is taken back than the payment put on its bills');
    return taken;
  }

  /** What was planned in the same transaction. */
  async execute(tx: Tx, taken: readonly TakenBackPart[]): Promise<void> {
    const moves = taken.map((each) => ({
      before: { id: each.billId, version: each.version - 1 },
      after: each.bill,
      version: each.version,
    }));
    if ((await this.store.apply(tx, moves)) !== moves.length)
      throw new Error('a bill changed while its row was locked');
  }
}

function keyOf({ spCode }: PartToTakeBack, gfsCode: string): string {
  return `${spCode} ${gfsCode}`;
}
