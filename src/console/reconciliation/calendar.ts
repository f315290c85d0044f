/** A month as rows of weeks, Monday first; a cell without a day lies outside of the month. */
import { addDays, type BusinessDay } from '../../kernel/business-day';

export interface Month {
  readonly first: BusinessDay;
  readonly last: BusinessDay;
  /** `2026-10` and `2026-12`. */
  readonly before: string;
  readonly after: string;
  readonly weeks: readonly (readonly (BusinessDay | null)[])[];
}

/** `text` is `2026-11`; anything else is the month of `today`. */
export function monthOf(text: string | undefined, today: BusinessDay): Month {
  const month = /^(?:19|20)\d\d-(?:0[1-9]|1[0-2])$/.test(text ?? '') ? text : today.slice(0, 7);
  const first = `${String(month)}-01` as BusinessDay;
  const last = addDays(`${addDays(first, 31).slice(0, 7)}-01` as BusinessDay, -1);
  const days: (BusinessDay | null)[] = [];
  const weekday = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  for (let i = 0; i < weekday; i++) days.push(null);
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  while (days.length % 7 !== 0) days.push(null);
  const weeks = Array.from({ length: days.length / 7 }, (_, i) => days.slice(i * 7, i * 7 + 7));
  const before = addDays(first, -1).slice(0, 7);
  return { first, last, before, after: addDays(last, 1).slice(0, 7), weeks };
}
