/** Both languages say everything, and amounts, days and instants look as people write them in Tanzania. */
import type { BusinessDay } from '../../kernel/business-day';
import {
  formatCount,
  formatDay,
  formatInstant,
  formatMoney,
  formatShortDay,
  formatShortInstant,
  formatWeekday,
  hasText,
  isLanguage,
  languages,
  translator,
} from './locale';
import { texts } from './texts';

const keysOf = (areas: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  Object.entries(areas).flatMap(([area, words]) =>
    Object.keys(words).map((name) => `${area}.${name}`),
  );

/** What a text leaves open: `{{name}}`. */
const holesOf = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort();

it('no key is missing in either language', () => {
  expect(keysOf(texts.sw).sort()).toEqual(keysOf(texts.en).sort());
  expect(keysOf(texts.en).length).toBeGreaterThan(20);
});

it('every text is there, and leaves the same open in both languages', () => {
  const unlike: string[] = [];
  for (const [area, words] of Object.entries(texts.en)) {
    const others = texts.sw[area as keyof typeof texts.sw] as Readonly<Record<string, string>>;
    for (const [name, text] of Object.entries(words)) {
      const other = others[name] ?? '';
      const isSame = JSON.stringify(holesOf(text)) === JSON.stringify(holesOf(other));
      if (text.trim() === '' || other.trim() === '' || !isSame) unlike.push(`${area}.${name}`);
    }
  }
  expect(unlike).toEqual([]);
});

it('says it in the language that is asked for', () => {
  expect(translator('en')('frame.sign-out')).toBe('Sign out');
  expect(translator('sw')('frame.sign-out')).toBe('Ondoka');
  expect(hasText('sw', 'frame.sign-out')).toBe(true);
  expect(hasText('sw', 'frame.nothing')).toBe(false);
});

it('knows its two languages', () => {
  expect(languages.filter(isLanguage)).toEqual(['en', 'sw']);
  expect(isLanguage('fr')).toBe(false);
});

it.each([
  [0n, '0.00'],
  [99n, '0.99'],
  [100_000n, '1,000.00'],
  [123_456_789n, '1,234,567.89'],
  [-123_456_789n, '-1,234,567.89'],
  [99_999_999_999_999_999n, '999,999,999,999,999.99'],
])('%s minor units are written %s', (minor, text) => {
  expect(formatMoney(minor)).toBe(text);
  expect(formatMoney(minor, 'TZS')).toBe(`TZS ${text}`);
});

it.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [1_234_567n, '1,234,567'],
])('%s is counted as %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

it('writes days and instants in East Africa Time', () => {
  const day = '2026-11-24' as BusinessDay;
  expect(formatDay(day, 'en')).toBe('24 November 2026');
  expect(formatDay('2026-01-05' as BusinessDay, 'sw')).toBe('5 Januari 2026');
  expect(formatShortDay(day)).toBe('24/11/2026');
  expect(formatWeekday(day, 'en')).toBe('Tuesday');
  expect(formatWeekday(day, 'sw')).toBe('Jumanne');
  const lateInTheDay = new Date('2026-11-23T21:00:05Z');
  expect(formatInstant(lateInTheDay, 'sw')).toBe('24 Novemba 2026, 00:00:05 EAT');
  expect(formatShortInstant(lateInTheDay)).toBe('24/11/2026 00:00:05 EAT');
});
