/** Business days as officers look at them: a month, one day, and both sides of a PSP's day. Reads only. */
import { Injectable } from '@nestjs/common';
import { addDays, type BusinessDay } from '../kernel/business-day';
import { Database } from '../platform/database/database';
import { type DayState, dayState } from './day-state.rules';
import { DayCutoff } from './due-days.rules';
import { DayViewStore, type MatchedLine, type PspDay, type UnmatchedSide } from './day-view.store';

export interface DayView {
  readonly day: BusinessDay;
  readonly state: DayState;
  readonly psps: readonly PspDay[];
  /** Discrepancies that hold it up. */
  readonly holdingCount: number;
}

export interface LateStatements {
  readonly pspCode: string;
  /** The latest first. */
  readonly days: readonly BusinessDay[];
}

export interface BothSides {
  /** Null while nothing was run. */
  readonly run: { readonly hasStatement: boolean } | null;
  readonly matched: readonly MatchedLine[];
  /** Where the next page of matches goes on; null after the last. */
  readonly nextMatch: bigint | null;
  readonly unmatched: readonly UnmatchedSide[];
  readonly nextUnmatched: bigint | null;
}

const sideLength = 100;

@Injectable()
export class ReadDays {
  constructor(
    private readonly database: Database,
    private readonly store: DayViewStore,
    private readonly cutoff: DayCutoff,
  ) {}

  async today(): Promise<BusinessDay> {
    return (await this.store.bounds(this.database.reader)).today;
  }

  /** Codes of all PSPs. */
  async psps(): Promise<readonly string[]> {
    return this.store.psps(this.database.reader);
  }

  /** Every day from `first` to `last` that holds anything, the latest first. */
  async between(first: BusinessDay, last: BusinessDay): Promise<readonly DayView[]> {
    const { reader } = this.database;
    const [{ today, lastClosed }, rows, holding] = await Promise.all([
      this.store.bounds(reader),
      this.store.days(reader, first, last),
      this.store.holding(reader, first, last),
    ]);
    const views: DayView[] = [];
    for (let day = last; day >= first; day = addDays(day, -1)) {
      const psps = rows.filter((row) => row.day === day);
      const holdingCount = holding.find((each) => each.day === day)?.count ?? 0;
      if (psps.length === 0 && holdingCount === 0) continue;
      const state = dayState(day, { today, lastClosed, psps, holdingCount });
      views.push({ day, state, psps, holdingCount });
    }
    return views;
  }

  /** Statements that should be here: of days whose run was due, from PSPs that have something on them; by PSP. */
  async lateStatements(views: readonly DayView[]): Promise<readonly LateStatements[]> {
    const now = await this.store.now(this.database.reader);
    const late = views
      .filter(({ day, state }) => state !== 'closed' && this.cutoff.runStartsAt(day) <= now)
      .flatMap(({ day, psps }) =>
        psps.filter((psp) => !psp.hasStatement).map(({ pspCode }) => ({ pspCode, day })),
      );
    return [...new Set(late.map(({ pspCode }) => pspCode))].sort().map((pspCode) => ({
      pspCode,
      days: late.filter((each) => each.pspCode === pspCode).map(({ day }) => day),
    }));
  }

  /** Also a day that holds nothing. */
  async one(day: BusinessDay): Promise<DayView> {
    const [found] = await this.between(day, day);
    return found ?? { day, state: 'open', psps: [], holdingCount: 0 };
  }

  /** What the latest run of a PSP's day matched and what it did not, a page of each. */
  async bothSides(
    pspCode: string,
    day: BusinessDay,
    after: { readonly match: bigint; readonly unmatched: bigint },
  ): Promise<BothSides> {
    const { reader } = this.database;
    const run = await this.store.latestRun(reader, pspCode, day);
    if (run === undefined)
      return { run: null, matched: [], nextMatch: null, unmatched: [], nextUnmatched: null };
    const [matched, unmatched] = await Promise.all([
      this.store.matched(reader, run.id, after.match, sideLength + 1),
      this.store.unmatched(reader, run.id, after.unmatched, sideLength + 1),
    ]);
    return {
      run: { hasStatement: run.hasStatement },
      matched: matched.slice(0, sideLength),
      nextMatch: nextAfter(matched),
      unmatched: unmatched.slice(0, sideLength),
      nextUnmatched: nextAfter(unmatched),
    };
  }
}

function nextAfter(rows: readonly { readonly id: bigint }[]): bigint | null {
  return rows.length > sideLength ? (rows[sideLength - 1]?.id ?? null) : null;
}
