/**
 * What a report may be asked for, read from texts (a command line, a query, a stored schedule) and checked. A name that
 * the report does not take is refused, never ignored: who misspells a filter must not get everything.
 */
import { type BusinessDay, parseBusinessDay } from '../kernel/business-day';
import { currencies, type Currency, isCurrency } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { daysOf, spanOf } from './period.rules';

export const dimensions = ['sp', 'gfs', 'psp', 'channel', 'currency'] as const;
export type Dimension = (typeof dimensions)[number];

export const steps = ['whole', 'day', 'month', 'fiscal-year'] as const;
export type Step = (typeof steps)[number];

const filters = ['sp', 'psp', 'gfs', 'channel', 'currency'] as const;
export const parameterNames = ['from', 'to', 'span', 'by', 'period', ...filters] as const;
export type ParameterName = (typeof parameterNames)[number];

/** As it was written; absent where it was not. */
export type RawParameters = Readonly<Partial<Record<string, string>>>;

export interface ReportParameters {
  readonly from: BusinessDay;
  readonly to: BusinessDay;
  readonly by: Dimension;
  readonly period: Step;
  readonly sp: string | null;
  readonly psp: string | null;
  readonly gfs: string | null;
  readonly channel: string | null;
  readonly currency: Currency | null;
}

export interface ParameterRules {
  /** Beside `from`, `to` and `span`. */
  readonly takes: readonly ParameterName[];
  /** It says how things stand at the end of one day: the last. */
  readonly isOfOneDay: boolean;
  readonly longestDays: number;
}

function refused(name: string, detail: string): Refusal {
  return new Refusal('report.parameter-refused', `${name}: ${detail}`, 'malformed', {
    fields: [{ pointer: `?${name}`, code: 'field.malformed', detail }],
  });
}

function wordOf<T extends string>(
  raw: RawParameters,
  name: string,
  words: readonly T[],
  fallback: T,
): T {
  const text = raw[name];
  if (text === undefined) return fallback;
  const found = words.find((each) => each === text);
  if (found === undefined) throw refused(name, `wanted one of ${words.join(', ')}`);
  return found;
}

function codeOf(raw: RawParameters, name: string): string | null {
  const text = raw[name];
  if (text === undefined) return null;
  if (!/^[\x21-\x39\x3b-\x7e]{1,100}$/.test(text))
    throw refused(name, 'wanted a code without blanks');
  return text;
}

function currencyOf(raw: RawParameters): Currency | null {
  const text = raw['currency'];
  if (text === undefined) return null;
  if (!isCurrency(text)) throw refused('currency', `wanted one of ${currencies.join(', ')}`);
  return text;
}

function daysFrom(raw: RawParameters, today: BusinessDay): { from: BusinessDay; to: BusinessDay } {
  if (raw['span'] !== undefined) {
    if (raw['from'] !== undefined || raw['to'] !== undefined)
      throw refused('span', 'stands alone, without from and to');
    return spanOf(raw['span']);
  }
  const to = raw['to'] === undefined ? today : parseBusinessDay(raw['to']);
  return { from: raw['from'] === undefined ? to : parseBusinessDay(raw['from']), to };
}

/**
 * Without days it is today's. Refuses: report.parameter-refused, report.period-malformed, report.period-too-long,
 * day.malformed.
 */
export function readParameters(
  { takes, isOfOneDay, longestDays }: ParameterRules,
  raw: RawParameters,
  today: BusinessDay,
): ReportParameters {
  const allowed: readonly string[] = ['to', 'span', ...(isOfOneDay ? [] : ['from']), ...takes];
  for (const name of Object.keys(raw)) {
    if (raw[name] !== undefined && !allowed.includes(name))
      throw refused(name, `this report takes ${allowed.join(', ')}`);
  }
  const span = daysFrom(raw, today);
  const days = isOfOneDay ? { from: span.to, to: span.to } : span;
  if (days.from > days.to) throw refused('from', 'the first day comes after the last');
  if (daysOf(days) > longestDays)
    throw new Refusal(
      'report.period-too-long',
      `this report takes ${String(longestDays)} days at most; ask for it in parts`,
      'unprocessable',
    );
  return {
    ...days,
    by: wordOf(raw, 'by', dimensions, 'sp'),
    period: wordOf(raw, 'period', steps, 'whole'),
    sp: codeOf(raw, 'sp'),
    psp: codeOf(raw, 'psp'),
    gfs: codeOf(raw, 'gfs'),
    channel: codeOf(raw, 'channel'),
    currency: currencyOf(raw),
  };
}
