/**
 * What of settlement is overdue or wrong, as discrepancies, and those that came right by themselves closed. Money that is
 * not due yet is no discrepancy. Only what is found is written: the same again changes nothing.
 */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database';
import { CloseDiscrepancies } from '../reconciliation/close-discrepancies';
import { RaiseDiscrepancies } from '../reconciliation/raise-discrepancies';
import {
  type KnownDiscrepancy,
  SettlementDiscrepancyStore,
  type WantedDiscrepancy,
} from './settlement-discrepancy.store';

@Injectable()
export class SettlementDiscrepancies {
  constructor(
    private readonly store: SettlementDiscrepancyStore,
    private readonly raise: RaiseDiscrepancies,
    private readonly close: CloseDiscrepancies,
  ) {}

  async execute(
    tx: Tx,
    treasuries: readonly { readonly account: string }[],
  ): Promise<{ raisedCount: number; closedCount: number }> {
    const wanted = await this.store.wanted(
      tx,
      treasuries.map((each) => each.account),
    );
    const known = await this.store.known(tx);
    const key = (each: Pick<WantedDiscrepancy, 'kind' | 'expectationId' | 'bankEntryId'>) =>
      `${each.kind} ${String(each.expectationId)} ${String(each.bankEntryId)}`;
    const latest = new Map(known.map((each) => [key(each), each]));
    const today = await this.store.openDay(tx);
    const isWaiting = (state: string) => state === 'open' || state === 'awaiting-approval';
    // A closed day keeps what was late in it as it was; who works on it does so in the open day.
    const isCarried = (stored: KnownDiscrepancy) =>
      isWaiting(stored.state) && stored.businessDay <= today.closedThrough;
    const fresh = wanted.filter((each) => {
      const stored = latest.get(key(each));
      return (
        stored === undefined ||
        isCarried(stored) ||
        stored.state === 'withdrawn' ||
        stored.theirMinor !== each.theirMinor ||
        stored.ourMinor !== each.ourMinor
      );
    });
    const ids = await this.raise.execute(
      tx,
      fresh.map((each) => {
        const stored = latest.get(key(each));
        const isOpenDay = stored !== undefined && stored.businessDay > today.closedThrough;
        return {
          pspId: each.pspId,
          businessDay: isOpenDay ? stored.businessDay : today.day,
          kind: each.kind,
          subject: each.subject,
          theirMinor: each.theirMinor,
          ourMinor: each.ourMinor,
          currency: each.currency,
          detail:
            stored !== undefined && isCarried(stored)
              ? { ...each.detail, carriedFrom: stored.businessDay }
              : each.detail,
        };
      }),
    );
    await this.store.link(tx, ids, fresh);
    const still = new Set(wanted.map(key));
    const gone = known.filter(
      (each) =>
        !still.has(key(each)) && isWaiting(each.state) && each.businessDay > today.closedThrough,
    );
    const closed = await this.close.execute(
      tx,
      gone.map((each) => each.id),
      // Not resolved: nobody decided anything, and it is open again should the bank take the money back.
      { state: 'withdrawn', reason: 'it came right at the bank' },
    );
    return { raisedCount: ids.length, closedCount: closed.length };
  }
}
