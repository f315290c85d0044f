/** Why a bank's entry is not matched, in a sentence of either language. */
import { formatAmount } from '../kernel/money';
import { hasText, type Language, translator } from '../platform/locale/locale';
import type { MissedCandidate } from './settlement-status.rules';

export function missSentence(
  reason: string,
  candidates: readonly MissedCandidate[],
  language: Language = 'en',
): string {
  const t = translator(language);
  const words = (key: string, fallback: string) => (hasText(language, key) ? t(key) : fallback);
  const nearest = candidates.map((each) =>
    t('settlement.miss-candidate', {
      psp: each.psp,
      day: each.clearingDay,
      amount: formatAmount(BigInt(each.expectedMinor)),
      failed: each.failed.map((failed) => words(`settlement.failed-${failed}`, failed)).join(', '),
    }),
  );
  const why = words(`settlement.miss-${reason}`, reason);
  if (nearest.length === 0) return why;
  return `${why} ${t('settlement.miss-nearest', { nearest: nearest.join('; ') })}`;
}
