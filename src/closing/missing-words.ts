/** What is missing before a day can be closed, as a sentence in English: for commands and refusals. */
import { translator } from '../platform/locale/locale';
import type { Missing } from './day-check.rules';

const english = translator('en');

export function missingSentence({ code, values }: Missing): string {
  return english(`closing.missing-${code}`, values);
}
