/** The one file that may ask the machine for the time. What decides about money asks the database (`gateway_now()`). */
export class SystemClock {
  now(): Date {
    return new Date();
  }
}

const isoWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** The instant of an ISO 8601 text with zone. Faults on a text that is none: without a zone it would be read as local. */
export function instantFromIso(text: string): Date {
  const instant = new Date(text);
  if (!isoWithZone.test(text) || Number.isNaN(instant.getTime()))
    throw new Error(`"${text}" is not an instant`);
  return instant;
}

export function instantFromMs(ms: number): Date {
  return new Date(ms);
}
