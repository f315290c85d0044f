/**
 * Which days an institution may ask for on the wire, and how often. Pure: the caller passes today's business day.
 * Rules: rulings.md §6 (today is refused), gepg-decisions D3 to D5; codes 7318 to 7320, 7332.
 */
import { addDays, type BusinessDay, parseBusinessDay } from '../kernel/business-day';

export type DayBatchRefusal =
  | 'day-batch.system-unknown'
  | 'day-batch.day-unacceptable'
  | 'day-batch.day-too-old'
  | 'day-batch.option-unknown'
  | 'day-batch.asked-too-often';

export type DayBatchOption = 'successful' | 'exceptions';

export interface RawDayRequest {
  readonly systemId: string;
  readonly day: string;
  readonly option: string;
}

/** gepg-decisions D3; a field client that was down for a quarter can still catch up. */
export const oldestDays = 90;
/** The same id and day in an hour; the clients of the field ask once or twice a day. */
export const askedPerHour = 10;

const options: ReadonlyMap<string, DayBatchOption> = new Map([
  ['1', 'successful'],
  ['2', 'exceptions'],
]);

/** Refuses in this order: system, day (malformed, today or later), day (too old), option. */
export function checkDayRequest(
  raw: RawDayRequest,
  systemIds: ReadonlySet<string>,
  today: BusinessDay,
):
  | { readonly day: BusinessDay; readonly option: DayBatchOption; readonly refusal?: undefined }
  | { readonly refusal: DayBatchRefusal } {
  if (systemIds.size > 0 && !systemIds.has(raw.systemId))
    return { refusal: 'day-batch.system-unknown' };
  const day = dayOf(raw.day);
  if (day === undefined || day >= today) return { refusal: 'day-batch.day-unacceptable' };
  if (day < addDays(today, -oldestDays)) return { refusal: 'day-batch.day-too-old' };
  const option = options.get(raw.option);
  return option === undefined ? { refusal: 'day-batch.option-unknown' } : { day, option };
}

function dayOf(text: string): BusinessDay | undefined {
  try {
    return parseBusinessDay(text);
  } catch {
    return undefined;
  }
}
