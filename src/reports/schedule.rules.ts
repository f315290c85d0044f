/**
 * When a scheduled report falls due and what it is about: every day of the day before, every Monday of the week before,
 * every first of a month of the month before; at a time of the day in East Africa Time.
 */
import { addDays, type BusinessDay, businessDayOf, dayInterval } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';

export const frequencies = ['daily', 'weekly', 'monthly'] as const;
export type Frequency = (typeof frequencies)[number];

export interface Due {
  readonly dueDay: BusinessDay;
  readonly dueAtMs: number;
  readonly from: BusinessDay;
  readonly to: BusinessDay;
}

function isMonday(day: BusinessDay): boolean {
  // 1970-01-01 was a Thursday.
  return (Date.parse(day) / 86_400_000) % 7 === 4;
}

function firstDayOf(frequency: Frequency, dueDay: BusinessDay): BusinessDay {
  switch (frequency) {
    case 'daily':
      return addDays(dueDay, -1);
    case 'weekly':
      return addDays(dueDay, -7);
    case 'monthly':
      return `${addDays(dueDay, -1).slice(0, 7)}-01` as BusinessDay;
  }
}

function fallsOn(frequency: Frequency, day: BusinessDay): boolean {
  switch (frequency) {
    case 'daily':
      return true;
    case 'weekly':
      return isMonday(day);
    case 'monthly':
      return day.endsWith('-01');
  }
}

/** The last one that was due at `now`: what was missed before it is in no mail, but in the console. */
export function lastDue(frequency: Frequency, minuteOfDay: number, now: Date): Due {
  const today = businessDayOf(now);
  for (let back = 0; ; back++) {
    const dueDay = addDays(today, -back);
    const dueAtMs = dayInterval(dueDay).startsAt.getTime() + minuteOfDay * 60_000;
    if (fallsOn(frequency, dueDay) && dueAtMs <= now.getTime())
      return { dueDay, dueAtMs, from: firstDayOf(frequency, dueDay), to: addDays(dueDay, -1) };
  }
}

const pausesMinutes = [1, 5, 15, 30, 60, 120, 240];

/** Minutes until the next attempt after `attempts`; undefined when that was the last. */
export function pauseAfter(attempts: number): number | undefined {
  return pausesMinutes[attempts - 1];
}

/** Refuses: schedule.time-malformed. */
export function readTimeOfDay(text: string): number {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!found)
    throw new Refusal('schedule.time-malformed', `"${text}" is no time; wanted one like 07:30`);
  return Number(found[1]) * 60 + Number(found[2]);
}

/** No display names and no quoting: what could hold a second address or a second header is no address here. */
const address = /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** Refuses: schedule.recipients-malformed. */
export function readRecipients(texts: readonly string[]): readonly string[] {
  const bad = texts.find((text) => !address.test(text));
  if (bad !== undefined || texts.length === 0 || texts.length > 20)
    throw new Refusal(
      'schedule.recipients-malformed',
      bad === undefined ? 'wanted 1 to 20 addresses' : `"${bad}" is no e-mail address`,
    );
  return [...new Set(texts)];
}

/** Refuses: schedule.name-malformed. */
export function readScheduleName(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(text))
    throw new Refusal(
      'schedule.name-malformed',
      `"${text}" is no name; wanted small letters, digits and hyphens`,
    );
  return text;
}
