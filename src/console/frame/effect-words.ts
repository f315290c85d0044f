/**
 * What a resolution does, in the reader's language. In English as it was written down; what was written down before the
 * particulars were, in English to everybody.
 */
import { hasText, type Language, translator } from '../../platform/locale/locale';
import type { Effect } from '../../reconciliation/effect';

export function effectWords(
  { effect, says }: { readonly effect: string; readonly says?: Effect | null },
  language: Language,
): string {
  if (language === 'en' || !says) return effect;
  const { resolution } = says.values;
  const name = `discrepancies.resolution-${resolution ?? ''}`;
  const t = translator(language);
  const named = hasText(language, name) ? { resolution: t(name) } : {};
  return t(`effects.${says.code}`, { ...says.values, ...named });
}
