/**
 * Kiswahili and English: texts by typed key, and money, counts, days and instants as people write them in Tanzania.
 * Amounts are never abbreviated, and an instant names its zone. Pure but for the loading of the texts.
 */
import { createInstance } from 'i18next';
import { type BusinessDay, businessDayOf } from '../../kernel/business-day';
import { formatAmount } from '../../kernel/money';
import { texts, type Texts } from './texts';

export const languages = ['en', 'sw'] as const;
export type { Texts };
export type Language = (typeof languages)[number];

export function isLanguage(text: string): text is Language {
  return (languages as readonly string[]).includes(text);
}

/** `frame.sign-out`; what has forms for one and many is named without them. */
export type TextKey = {
  [A in keyof Texts]: `${A}.${Singular<Extract<keyof Texts[A], string>>}`;
}[keyof Texts];

type Singular<K extends string> = K extends `${infer Base}_one`
  ? Base
  : K extends `${string}_other`
    ? never
    : K;

export type Translate = (
  key: TextKey,
  values?: Readonly<Record<string, string | number>>,
) => string;

const instance = createInstance();
// Without a backend it is ready when it returns. Pages escape what they show; a text that is missing is no text of another language.
void instance.init({
  initAsync: false,
  lng: 'en',
  fallbackLng: false,
  resources: { en: { translation: texts.en }, sw: { translation: texts.sw } },
  interpolation: { escapeValue: false },
});

export function hasText(language: Language, key: string): key is TextKey {
  return (
    instance.exists(key, { lng: language }) || instance.exists(`${key}_other`, { lng: language })
  );
}

export function translator(language: Language): Translate {
  return instance.getFixedT(language) as unknown as Translate;
}

/** `1,234,567`: both languages group digits by commas. */
export function formatCount(count: number | bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `TZS 1,234,567.00`; `currency` absent where the heading names it. */
export function formatMoney(minor: bigint, currency?: string): string {
  const [whole = '', fraction = ''] = formatAmount(minor).split('.');
  const amount = `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`;
  return currency === undefined ? amount : `${currency} ${amount}`;
}

const months: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
  sw: [
    'Januari',
    'Februari',
    'Machi',
    'Aprili',
    'Mei',
    'Juni',
    'Julai',
    'Agosti',
    'Septemba',
    'Oktoba',
    'Novemba',
    'Desemba',
  ],
};

const weekdays: Readonly<Record<Language, readonly string[]>> = {
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  sw: ['Jumapili', 'Jumatatu', 'Jumanne', 'Jumatano', 'Alhamisi', 'Ijumaa', 'Jumamosi'],
};

/** `24 November 2026`, `24 Novemba 2026`. */
export function formatDay(day: BusinessDay, language: Language): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${String(Number(date))} ${months[language][Number(month) - 1] ?? ''} ${year}`;
}

/** `24/11/2026`, for the cells of a table. */
export function formatShortDay(day: BusinessDay): string {
  return day.split('-').reverse().join('/');
}

/** `Tuesday`, `Jumanne`. */
export function formatWeekday(day: BusinessDay, language: Language): string {
  return weekdays[language][new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
}

const eastAfricaMs = 3 * 3_600_000;

function clockOf(instant: Date): string {
  return new Date(instant.getTime() + eastAfricaMs).toISOString().slice(11, 19);
}

/** `24 November 2026, 13:00:05 EAT`. */
export function formatInstant(instant: Date, language: Language): string {
  return `${formatDay(businessDayOf(instant), language)}, ${clockOf(instant)} EAT`;
}

/** `24/11/2026 13:00:05 EAT`, for the cells of a table. */
export function formatShortInstant(instant: Date): string {
  return `${formatShortDay(businessDayOf(instant))} ${clockOf(instant)} EAT`;
}
