/**
 * Control totals: what a PSP says its statement holds, against what the pages hold. Everything that differs is told, with
 * both figures, so that the PSP finds the page that is missing or sent twice. Amounts are minor units.
 */
import { formatAmount } from '../kernel/money';
import type { FieldFault } from '../kernel/refusal';
import type { StatementLine } from './statement.rules';

export interface ControlTotals {
  readonly lineCount: number;
  readonly totals: readonly { readonly currency: string; readonly amountMinor: bigint }[];
}

/** Pointers are those of the totals as they were sent. */
export function totalFaults(
  claimed: ControlTotals,
  lines: readonly Pick<StatementLine, 'currency' | 'amountMinor'>[],
): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  const differs = (pointer: string, said: string, held: string): void => {
    faults.push({
      pointer,
      code: 'total.different',
      detail: `you say ${said}, the pages hold ${held}`,
    });
  };
  if (claimed.lineCount !== lines.length)
    differs('/lineCount', `${String(claimed.lineCount)} lines`, String(lines.length));
  const held = new Map<string, bigint>();
  for (const { currency, amountMinor } of lines)
    held.set(currency, (held.get(currency) ?? 0n) + amountMinor);
  const told = new Set<string>();
  claimed.totals.forEach(({ currency, amountMinor }, i) => {
    const pointer = `/totals/${String(i)}`;
    if (told.has(currency)) {
      faults.push({
        pointer: `${pointer}/currency`,
        code: 'total.repeated',
        detail: `${currency} stands here twice`,
      });
    } else if (amountMinor !== (held.get(currency) ?? 0n)) {
      const sum = formatAmount(held.get(currency) ?? 0n);
      differs(`${pointer}/amount`, `${formatAmount(amountMinor)} ${currency}`, sum);
    }
    told.add(currency);
  });
  for (const [currency, sum] of held)
    if (!told.has(currency)) differs('/totals', `nothing of ${currency}`, formatAmount(sum));
  return faults;
}
