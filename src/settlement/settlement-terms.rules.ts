/**
 * What a PSP agreed on: until when a payment belongs to its day's clearing, on which bank day the money is due and by
 * what time, its fee, and how its credits name themselves. Pure; amounts are minor units of the terms' currency.
 * Rules: product.md §7; rulings.md §6 (cut-offs are data), §8 (net = gross − fee).
 */
import { addDays, type BusinessDay, dayInterval } from '../kernel/business-day';
import { instantFromMs } from '../kernel/clock';
import { type Currency, isCurrency, parsePlainAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import type { BusinessCalendar } from './calendar.rules';

export interface SettlementTerms {
  /** Empty: every collection account of the currency that has no terms of its own. */
  readonly collectionAccount: string;
  readonly currency: Currency;
  readonly validFrom: BusinessDay;
  /** Minutes of the day in East Africa Time; a payment received from then on is cleared with the next day. */
  readonly cutoffMinutes: number;
  /** Bank days after the clearing day. */
  readonly settleDays: number;
  /** Minutes after the beginning of the due day; up to two days, for statements that come the morning after. */
  readonly dueMinutes: number;
  readonly feeBasis: 'none' | 'transaction' | 'day';
  /** `kept`: the PSP sends the money less its fee; `apart`: it sends all of it and charges another way. */
  readonly feeHandling: 'kept' | 'apart';
  readonly feeFlatMinor: bigint;
  readonly feePerMillion: number;
  readonly feeMinMinor: bigint;
  readonly feeMaxMinor: bigint | null;
  /** `{psp}`, `{yyyymmdd}`, `{yymmdd}`, `{ddmmyy}` and `{account}` are filled in. */
  readonly referenceForm: string;
  /** Texts (an account, a name) by which a bank's line names this PSP. */
  readonly remitters: readonly string[];
}

/** Until somebody says otherwise: the calendar day, the next bank day, no fee. */
export const defaultTerms = {
  collectionAccount: '',
  cutoffMinutes: 1_440,
  settleDays: 1,
  dueMinutes: 1_440,
  feeBasis: 'none',
  feeHandling: 'kept',
  feeFlatMinor: 0n,
  feePerMillion: 0,
  feeMinMinor: 0n,
  feeMaxMinor: null,
  referenceForm: '{psp}{yyyymmdd}',
  remitters: [],
} as const;

/** Those of the account go before those of all accounts; of several, the latest that is valid on the day. */
export function termsOn(
  all: readonly SettlementTerms[],
  currency: Currency,
  account: string,
  day: BusinessDay,
): SettlementTerms {
  const valid = all.filter(
    (each) =>
      each.currency === currency &&
      each.validFrom <= day &&
      (each.collectionAccount === account || each.collectionAccount === ''),
  );
  const key = (each: SettlementTerms) =>
    `${each.collectionAccount === '' ? '0' : '1'}${each.validFrom}`;
  const [best] = [...valid].sort((a, b) => (key(a) < key(b) ? 1 : -1));
  return best ?? { ...defaultTerms, currency, validFrom: day };
}

/** The day with whose clearing a payment goes that was received at a minute of its business day. */
export function clearingDay(
  terms: SettlementTerms,
  day: BusinessDay,
  minuteOfDay: number,
): BusinessDay {
  return minuteOfDay < terms.cutoffMinutes ? day : addDays(day, 1);
}

export function dueAt(terms: SettlementTerms, calendar: BusinessCalendar, day: BusinessDay): Date {
  const dueDay = calendar.bankDayAfter(day, terms.settleDays);
  return instantFromMs(dayInterval(dueDay).startsAt.getTime() + terms.dueMinutes * 60_000);
}

/** Half a minor unit is rounded up. */
export function feeOf(terms: SettlementTerms, amountMinor: bigint): bigint {
  const share = (amountMinor * BigInt(terms.feePerMillion) + 500_000n) / 1_000_000n;
  const fee = terms.feeFlatMinor + share;
  const atLeast = fee < terms.feeMinMinor ? terms.feeMinMinor : fee;
  return terms.feeMaxMinor !== null && atLeast > terms.feeMaxMinor ? terms.feeMaxMinor : atLeast;
}

/** `transactionFeesMinor`: the fees of the payments one by one, as sql/sum-payments.sql adds them up. */
export function dayFees(
  terms: SettlementTerms,
  paidMinor: bigint,
  transactionFeesMinor: bigint,
): { readonly keptMinor: bigint; readonly apartMinor: bigint } {
  const byDay = terms.feeBasis === 'day' && paidMinor > 0n ? feeOf(terms, paidMinor) : 0n;
  const whole = terms.feeBasis === 'transaction' ? transactionFeesMinor : byDay;
  // A PSP cannot keep more than there is.
  const fee = whole > paidMinor ? paidMinor : whole;
  return terms.feeHandling === 'kept'
    ? { keptMinor: fee, apartMinor: 0n }
    : { keptMinor: 0n, apartMinor: fee };
}

export function referenceOf(
  terms: SettlementTerms,
  psp: string,
  account: string,
  day: BusinessDay,
): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return terms.referenceForm
    .replaceAll('{psp}', psp)
    .replaceAll('{account}', account)
    .replaceAll('{yyyymmdd}', `${year}${month}${date}`)
    .replaceAll('{yymmdd}', `${year.slice(2)}${month}${date}`)
    .replaceAll('{ddmmyy}', `${date}${month}${year.slice(2)}`);
}

/** `16:00` or, for what is due the morning after, `34:00`. Refuses: settlement.time-malformed. */
export function parseMinutes(text: string, most: number): number {
  const found = /^(\d\d):([0-5]\d)$/.exec(text);
  const minutes = Number(found?.[1]) * 60 + Number(found?.[2]);
  if (found === null || minutes > most) {
    throw new Refusal(
      'settlement.time-malformed',
      `"${text}" is not a time; wanted one like 16:00, at most ${String(most / 60)}:00`,
    );
  }
  return minutes;
}

/** `1.5` is 1,500 in a million. Refuses: settlement.rate-malformed. */
export function parsePerMille(text: string): number {
  const found = /^(\d{1,3})(?:\.(\d{1,3}))?$/.exec(text);
  if (found === null) {
    throw new Refusal(
      'settlement.rate-malformed',
      `"${text}" is not a rate per mille; wanted one like 1.5`,
    );
  }
  return Number(found[1]) * 1_000 + Number((found[2] ?? '').padEnd(3, '0'));
}

/** Terms as somebody writes them. Refuses: settlement.terms-malformed and what the parts refuse. */
export function readTerms(written: {
  readonly account?: string | undefined;
  readonly currency: string;
  readonly from: BusinessDay;
  readonly cutoff?: string | undefined;
  readonly settleDays?: number | undefined;
  readonly due?: string | undefined;
  readonly feeBasis?: string | undefined;
  readonly feeHandling?: string | undefined;
  readonly feeFlat?: string | undefined;
  readonly feePerMille?: string | undefined;
  readonly feeMin?: string | undefined;
  readonly feeMax?: string | undefined;
  readonly reference?: string | undefined;
  readonly remitters?: readonly string[] | undefined;
}): SettlementTerms {
  const malformed = (detail: string) => new Refusal('settlement.terms-malformed', detail);
  const amount = (text: string | undefined) => (text === undefined ? 0n : parsePlainAmount(text));
  const { currency, feeBasis = 'none', feeHandling = 'kept', settleDays = 1 } = written;
  if (!isCurrency(currency)) throw malformed(`"${currency}" is not TZS or USD`);
  if (feeBasis !== 'none' && feeBasis !== 'transaction' && feeBasis !== 'day')
    throw malformed(`a fee is per transaction or per day, not per "${feeBasis}"`);
  if (feeHandling !== 'kept' && feeHandling !== 'apart')
    throw malformed(`a fee is kept or charged apart, not "${feeHandling}"`);
  if (!Number.isInteger(settleDays) || settleDays < 0 || settleDays > 30)
    throw malformed('the money is due after 0 to 30 bank days');
  const terms = {
    collectionAccount: written.account ?? '',
    currency,
    validFrom: written.from,
    cutoffMinutes: parseMinutes(written.cutoff ?? '24:00', 1_440),
    settleDays,
    dueMinutes: parseMinutes(written.due ?? '24:00', 2_880),
    feeBasis,
    feeHandling,
    feeFlatMinor: amount(written.feeFlat),
    feePerMillion: parsePerMille(written.feePerMille ?? '0'),
    feeMinMinor: amount(written.feeMin),
    feeMaxMinor: written.feeMax === undefined ? null : amount(written.feeMax),
    referenceForm: written.reference ?? defaultTerms.referenceForm,
    remitters: written.remitters ?? [],
  } as const;
  if (terms.cutoffMinutes === 0) throw malformed('a cut-off of 00:00 would clear nothing');
  if (terms.feePerMillion > 1_000_000) throw malformed('a fee is at most 1000 per mille');
  if (terms.feeMaxMinor !== null && terms.feeMaxMinor < terms.feeMinMinor)
    throw malformed('the highest fee is below the lowest');
  return terms;
}
