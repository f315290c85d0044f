/**
 * When the run of a business day starts by itself: at the cut-off (BUSINESS_DAY_CUTOFF_HHMM) of the day after it
 * (rulings.md §6). Runs that were missed are caught up for a week; older days are run by an officer.
 */
import { addDays, type BusinessDay, businessDayOf, dayInterval } from '../kernel/business-day';
import { instantFromMs } from '../kernel/clock';

const daysCaughtUp = 7;

export class DayCutoff {
  /** Minutes after midnight in Africa/Dar_es_Salaam. */
  constructor(private readonly minutes: number) {}

  /** The instant from which the run of `day` is due. */
  runStartsAt(day: BusinessDay): Date {
    return instantFromMs(dayInterval(day).endsAt.getTime() + this.minutes * 60_000);
  }

  /** Days whose run is due at `now`, the oldest first. */
  dueDays(now: Date): readonly BusinessDay[] {
    const today = businessDayOf(instantFromMs(now.getTime() - this.minutes * 60_000));
    return Array.from({ length: daysCaughtUp }, (_none, i) => addDays(today, i - daysCaughtUp));
  }
}
