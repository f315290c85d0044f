/**
 * Why something is refused, in the reader's language. Use cases say it in English, with what it is about; in Kiswahili
 * there is a sentence for each code, and what the use case said stands behind it where it names particulars: a line, an
 * amount, a name.
 */
import type { FieldFault } from '../../kernel/refusal';
import type { Language } from '../../platform/locale/locale';
import fieldSentences from '../../platform/locale/sw/field-faults.json';
import sentences from '../../platform/locale/sw/refusals.json';

const kiswahili: Readonly<Partial<Record<string, string>>> = sentences;

const namesParticulars = /["\d:;]/;

export function refusalSentence(
  { code, detail }: { readonly code: string; readonly detail: string },
  language: Language,
): string {
  const sentence = language === 'sw' ? kiswahili[code] : undefined;
  if (sentence === undefined) return detail;
  return namesParticulars.test(detail) ? `${sentence} (${detail})` : sentence;
}

const wantedOf: Readonly<Partial<Record<string, string>>> = fieldSentences;

/** What is wanted at one place of what was sent, behind that place. */
export function fieldSentence(
  { pointer, code, detail, values = {} }: FieldFault,
  language: Language,
): string {
  const sentence = language === 'sw' ? wantedOf[code] : undefined;
  const wanted = sentence?.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => values[name] ?? '');
  return `${pointer}: ${wanted ?? detail}`;
}
