/**
 * What a resolution does to one discrepancy: a code with its particulars, which each reader is told in his language.
 * Amounts are written with two decimals, days as `2026-12-03`.
 */
import { type Texts, translator } from '../platform/locale/locale';

export interface Effect {
  readonly code: keyof Texts['effects'];
  readonly values: Readonly<Record<string, string>>;
}

const english = translator('en');

/** As it is written down, and told on the command line. */
export function effectSentence({ code, values }: Effect): string {
  return english(`effects.${code}`, values);
}
