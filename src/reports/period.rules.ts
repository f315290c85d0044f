/**
 * The periods that reports speak of. A fiscal year runs from 1 July to 30 June and is written with both its years, as
 * in `2026/2027`. Days are business days.
 */
import { addDays, type BusinessDay, parseBusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';

export interface Span {
  readonly from: BusinessDay;
  readonly to: BusinessDay;
}

export function fiscalYearOf(day: BusinessDay): string {
  const year = Number(day.slice(0, 4)) - (day.slice(5, 7) < '07' ? 1 : 0);
  return `${String(year)}/${String(year + 1)}`;
}

/** Both days count. */
export function daysOf({ from, to }: Span): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
}

function lastOfMonth(year: number, month: number): BusinessDay {
  const next = month === 12 ? [year + 1, 1] : [year, month + 1];
  return addDays(parseBusinessDay(`${String(next[0])}-${String(next[1]).padStart(2, '0')}-01`), -1);
}

/**
 * The span that a word of a person names: a day (`2026-11-24`), a month (`2026-11`) or a fiscal year (`2026/2027`).
 * Refuses: report.period-malformed.
 */
export function spanOf(text: string): Span {
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (month)
    return {
      from: parseBusinessDay(`${text}-01`),
      to: lastOfMonth(Number(month[1]), Number(month[2])),
    };
  const years = /^(\d{4})\/(\d{4})$/.exec(text);
  if (years && Number(years[2]) === Number(years[1]) + 1)
    return {
      from: parseBusinessDay(`${years[1] ?? ''}-07-01`),
      to: parseBusinessDay(`${years[2] ?? ''}-06-30`),
    };
  if (/^\d{4}-\d\d-\d\d$/.test(text)) {
    const day = parseBusinessDay(text);
    return { from: day, to: day };
  }
  throw new Refusal(
    'report.period-malformed',
    `"${text}" is no period; wanted a day like 2026-11-24, a month like 2026-11 or a fiscal year like 2026/2027`,
  );
}
