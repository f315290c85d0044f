/**
 * The business day: a calendar day in Africa/Dar_es_Salaam (UTC+3, no daylight saving), and the local times without
 * zone that GePG messages carry (gepg-protocol.md §6.4).
 */
import { instantFromMs } from './clock';
import { Refusal } from './refusal';

/** `2026-11-24`. */
export type BusinessDay = string & { readonly __day: true };

const offsetMs = 3 * 3_600_000;
const dayMs = 86_400_000;
const wire = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.:](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/** The first instant that has no four-digit year in East Africa Time, and so could not be written back. */
const endMs = Date.UTC(10_000, 0, 1) - offsetMs;

/**
 * UTC milliseconds of calendar fields, or undefined for a day or time that no calendar has. Years before 1900 are
 * misprints here, and `Date.UTC` would read the first hundred as the 1900s.
 */
function utcMs(fields: readonly number[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  if (year < 1900 || month < 1 || month > 12 || day < 1) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  return instantFromMs(ms).getUTCDate() === day ? ms : undefined;
}

export function businessDayOf(instant: Date): BusinessDay {
  return instantFromMs(instant.getTime() + offsetMs)
    .toISOString()
    .slice(0, 10) as BusinessDay;
}

/** Refuses: day.malformed. */
export function parseBusinessDay(text: string): BusinessDay {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!found || utcMs(found.slice(1).map(Number)) === undefined) {
    throw new Refusal('day.malformed', `"${text}" is not a day; wanted one like 2026-11-24`);
  }
  return text as BusinessDay;
}

/** The UTC interval of a business day: `startsAt` belongs to it, `endsAt` to the next. */
export function dayInterval(day: BusinessDay): { startsAt: Date; endsAt: Date } {
  const start = Date.parse(`${day}T00:00:00Z`) - offsetMs;
  return { startsAt: instantFromMs(start), endsAt: instantFromMs(start + dayMs) };
}

export function addDays(day: BusinessDay, count: number): BusinessDay {
  return instantFromMs(Date.parse(`${day}T00:00:00Z`) + count * dayMs)
    .toISOString()
    .slice(0, 10) as BusinessDay;
}

/**
 * A time as clients write it: `2026-11-24T10:00:00` is East Africa Time; a fraction (`.123` or `:123`) and a zone are
 * taken where they come. Undefined for anything else, also for 24:00:00, a 60th second and 30 February, and for years
 * other than 1900 to 9999.
 */
export function parseWireInstant(text: string): Date | undefined {
  const found = wire.exec(text);
  if (!found) return undefined;
  const ms = utcMs(found.slice(1, 7).map(Number));
  if (ms === undefined) return undefined;
  const fraction = Number((found[7] ?? '').padEnd(3, '0').slice(0, 3));
  const shift = zoneMs(found[8]);
  if (shift === undefined) return undefined;
  const instantMs = ms + fraction - shift;
  return instantMs < endMs ? instantFromMs(instantMs) : undefined;
}

/** How far a written zone is ahead of UTC; no zone is East Africa Time. Undefined beyond 14 hours. */
function zoneMs(zone: string | undefined): number | undefined {
  if (zone === undefined) return offsetMs;
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) return undefined;
  return (hours * 60 + minutes) * 60_000 * (zone.startsWith('-') ? -1 : 1);
}

/** East Africa Time to the second, without zone: the form of every message we send. */
export function formatWireInstant(instant: Date): string {
  return instantFromMs(instant.getTime() + offsetMs)
    .toISOString()
    .slice(0, 19);
}
