/**
 * What of settlement is overdue or wrong, as discrepancies, and those that came right by themselves closed. Money that is
 * not due yet is no discrepancy. Only what is found is written: the same again changes nothing. A closed day keeps what
 * was late in it as it was: the open day goes on with it, and there it closes when the money comes.
 */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database';
import { CarryDiscrepancies } from '../reconciliation/carry-discrepancies';
import { CloseDiscrepancies } from '../reconciliation/close-discrepancies';
import { RaiseDiscrepancies } from '../reconciliation/raise-discrepancies';
import {
  type KnownDiscrepancy,
  SettlementDiscrepancyStore,
  type WantedDiscrepancy,
} from './settlement-discrepancy.store';

const keyOf = (each: Pick<WantedDiscrepancy, 'kind' | 'expectationId' | 'bankEntryId'>): string =>
  `${each.kind} ${String(each.expectationId)} ${String(each.bankEntryId)}`;

const isWaiting = ({ state }: KnownDiscrepancy): boolean =>
  state === 'open' || state === 'awaiting-approval';

@Injectable()
export class SettlementDiscrepancies {
  constructor(
    private readonly store: SettlementDiscrepancyStore,
    private readonly raise: RaiseDiscrepancies,
    private readonly carry: CarryDiscrepancies,
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
    const today = await this.store.openDay(tx);
    const isOfOpenDay = (each: KnownDiscrepancy) => each.businessDay > today.closedThrough;
    const latest = new Map(known.map((each) => [keyOf(each), each]));
    const found = new Map(wanted.map((each) => [keyOf(each), each]));

    const left = [...latest.values()]
      .filter((each) => isWaiting(each) && !isOfOpenDay(each))
      .map((stored) => ({ stored, now: found.get(keyOf(stored)) }));
    const carriedIds = await this.carry.execute(
      tx,
      left.map(({ stored, now = stored }) => ({
        id: stored.id,
        fromDay: stored.businessDay,
        draft: { ...now, businessDay: today.day },
      })),
    );
    await this.store.link(
      tx,
      carriedIds,
      left.map(({ stored }) => stored),
    );

    const isCarried = new Set(left.map(({ stored }) => keyOf(stored)));
    const fresh = wanted.filter((each) => {
      const stored = latest.get(keyOf(each));
      return (
        stored === undefined ||
        (!isCarried.has(keyOf(each)) &&
          (stored.state === 'withdrawn' ||
            stored.theirMinor !== each.theirMinor ||
            stored.ourMinor !== each.ourMinor))
      );
    });
    const raisedIds = await this.raise.execute(
      tx,
      fresh.map((each) => {
        const stored = latest.get(keyOf(each));
        const isOpenDay = stored !== undefined && isOfOpenDay(stored);
        return { ...each, businessDay: isOpenDay ? stored.businessDay : today.day };
      }),
    );
    await this.store.link(tx, raisedIds, fresh);

    const gone = known.filter(
      (each) => !found.has(keyOf(each)) && isWaiting(each) && isOfOpenDay(each),
    );
    const arrived = carriedIds.filter((_id, i) => left[i]?.now === undefined);
    const closed = await this.close.execute(
      tx,
      [...gone.map((each) => each.id), ...arrived],
      // Not resolved: nobody decided anything, and it is open again should the bank take the money back.
      { state: 'withdrawn', reason: 'it came right at the bank' },
    );
    return { raisedCount: carriedIds.length + raisedIds.length, closedCount: closed.length };
  }
}
