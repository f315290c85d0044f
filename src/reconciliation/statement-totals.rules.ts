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

export function sumsOf(
  lines: readonly Pick<StatementLine, 'currency' | 'amountMinor'>[],
): ControlTotals['totals'] {
  const sums = new Map<string, bigint>();
  for (const { currency, amountMinor } of lines)
    sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor);
  return [...sums].map(([currency, amountMinor]) => ({ currency, amountMinor }));
}

/** Pointers are those of the totals as they were sent. */
export function totalFaults(
  claimed: ControlTotals,
  lineCount: number,
  sums: ControlTotals['totals'],
): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  const differs = (pointer: string, said: string, held: string): void => {
    faults.push({
      pointer,
      code: 'total.different',
      detail: `you say ${said}, the pages hold ${held}`,
    });
  };
  if (claimed.lineCount !== lineCount)
    differs('/lineCount', `${String(claimed.lineCount)} lines`, String(lineCount));
  const held = new Map(sums.map(({ currency, amountMinor }) => [currency, amountMinor]));
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
