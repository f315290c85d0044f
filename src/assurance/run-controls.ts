/**
 * The daily control tests: of each business day once, an hour after midnight, and again when an officer asks. One control a
 * turn in the worker, so that a long one keeps nothing else waiting for the rest; what each found is kept for ever. A
 * control that fails, or cannot be run, raises an alarm.
 */
import { Injectable } from '@nestjs/common';
import { addDays, type BusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { isOutage } from '../platform/database/outage';
import {
  type ControlOutcome,
  type ControlResult,
  type ControlRun,
  ControlStore,
} from './control.store';
import { controls, isConservation, nextControl } from './controls';
import { VerifyBooks } from './verify-books';

export interface ControlDay {
  readonly day: BusinessDay;
  /** undefined where none was run. */
  readonly run: ControlRun | undefined;
  /** Every control, also those that were not run. */
  readonly outcomes: readonly { readonly control: string; readonly outcome: ControlOutcome }[];
}

const shownDays = 7;
const mostKeys = 20;

@Injectable()
export class RunControls {
  constructor(
    private readonly database: Database,
    private readonly store: ControlStore,
    private readonly books: VerifyBooks,
    private readonly audit: AuditTrail,
  ) {}

  /** Asks for the run of yesterday where it is due. */
  async plan(): Promise<void> {
    const day = await this.store.dueDay(this.database.reader);
    if (day === undefined) return;
    await this.database.transaction((tx) => this.store.request(tx, day, 'gateway'));
  }

  /** Refuses: audit.controls-early (a day that is not over), audit.controls-running. */
  async request(day: BusinessDay, by: string): Promise<void> {
    if (day >= (await this.store.today(this.database.reader)))
      throw new Refusal('audit.controls-early', 'control tests are run of days that are over');
    await this.database.transaction(async (tx) => {
      if (!(await this.store.request(tx, day, by)))
        throw new Refusal(
          'audit.controls-running',
          'control tests are being run already; ask again when they are through',
          'conflict',
        );
      await this.audit.record(tx, { actor: by, action: 'audit.controls-requested', subject: day });
    });
  }

  /** One control; true when there is another. */
  async step(): Promise<boolean> {
    const { reader } = this.database;
    const run = await this.store.open(reader);
    if (run === undefined) return false;
    const results = await this.store.results(reader, [run.id]);
    const control = nextControl(results.map((each) => each.control));
    if (control !== undefined) {
      const result = { ...(await this.outcomeOf(control, run.day)), runId: run.id, control };
      await this.database.transaction(async (tx) => {
        await this.store.keep(tx, result);
        if (result.outcome === 'passed') return;
        await this.audit.raiseAlarm(tx, {
          kind: 'control-failed',
          subject: `${run.day}/${control}`,
          detail: `control ${control} of ${run.day}: ${result.outcome}, ${result.keys.slice(0, 5).join(', ')}`,
        });
      });
      return true;
    }
    await this.database.transaction(async (tx) => {
      await this.store.finish(tx, run.id);
      const failed = results
        .filter(({ outcome }) => outcome !== 'passed')
        .map((each) => each.control);
      await this.audit.record(tx, {
        actor: run.requestedBy,
        action: 'audit.controls-run',
        subject: run.day,
        detail: { controls: results.length, failed },
      });
    });
    return false;
  }

  /** The last days that are over, the newest first. */
  async days(): Promise<readonly ControlDay[]> {
    const { reader } = this.database;
    const today = await this.store.today(reader);
    const days = Array.from({ length: shownDays }, (_each, i) => addDays(today, -1 - i));
    const runs = await this.store.lastRuns(reader, addDays(today, -shownDays), addDays(today, -1));
    const results = await this.store.results(
      reader,
      runs.map(({ id }) => id),
    );
    return days.map((day) => {
      const run = runs.find((each) => each.day === day);
      const own = results.filter(({ runId }) => runId === run?.id);
      return {
        day,
        run,
        outcomes: controls.map((control) => ({
          control,
          outcome: own.find((each) => each.control === control)?.outcome ?? 'not-run',
        })),
      };
    });
  }

  /** The last run of the day, with what each control found. */
  async day(day: BusinessDay): Promise<{
    readonly run: ControlRun | undefined;
    readonly results: readonly ControlResult[];
  }> {
    const { reader } = this.database;
    const [run] = await this.store.lastRuns(reader, day, day);
    const found = run === undefined ? [] : await this.store.results(reader, [run.id]);
    return {
      run,
      results: controls.flatMap((control) => found.filter((each) => each.control === control)),
    };
  }

  private async outcomeOf(
    control: string,
    day: BusinessDay,
  ): Promise<{
    readonly outcome: ControlOutcome;
    readonly count: number;
    readonly keys: readonly string[];
  }> {
    try {
      const { count, keys } = await this.database.snapshot((reader) =>
        isConservation(control)
          ? this.store.conservation(reader, control, day)
          : this.books.one(reader, control, day),
      );
      return { outcome: count === 0 ? 'passed' : 'failed', count, keys: keys.slice(0, mostKeys) };
    } catch (fault) {
      // The database is away: the turn is repeated.
      if (isOutage(fault)) throw fault;
      return { outcome: 'not-run', count: 0, keys: [String(fault).slice(0, 200)] };
    }
  }
}
