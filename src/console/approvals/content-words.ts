/** What a request to a second officer holds, in words: each name and each value that has words in the reader's language. */
import type { CanonicalValue } from '../../kernel/canonical-json';
import { formatMoney, hasText, type Language, translator } from '../../platform/locale/locale';
import { effectWords } from '../frame/effect-words';
import type { Effect } from '../../reconciliation/effect';

export interface ContentLine {
  /** The way to it through the content; places in a list count from 1. */
  readonly path: readonly string[];
  readonly value: string;
  /** Of an effect: its particulars. */
  readonly says?: Effect;
}

/** Areas in which the values of a name have words: `refunds.source-surplus`. */
const worded: Readonly<Record<string, string>> = {
  resolution: 'discrepancies.resolution-',
  source: 'refunds.source-',
  isSettled: 'approvals.settled-',
  isForced: 'approvals.is-',
  change: 'approvals.change-',
  role: 'officers.role-',
};

/**
 * Every value, in the order in which it is digested; without what stands beside it on the page: the refunds of a batch,
 * and the particulars of an effect.
 */
export function linesOf(
  value: CanonicalValue,
  path: readonly string[] = [],
): readonly ContentLine[] {
  if (typeof value !== 'object' || value === null) return [{ path, value: String(value) }];
  const isList = Array.isArray(value);
  const { says } = value as { readonly says?: Effect };
  return Object.entries(value)
    .filter(([name]) => name !== 'says' && name !== 'refundIds')
    .flatMap(([name, member]) => {
      if (name === 'effect' && says !== undefined)
        return [{ path: [...path, name], value: member as string, says }];
      const step = isList ? String(Number(name) + 1) : name;
      return linesOf(member as CanonicalValue, [...path, step]);
    });
}

export function nameWords({ path }: Pick<ContentLine, 'path'>, language: Language): string {
  const t = translator(language);
  return path
    .map((step) => {
      const key = `approvals.field-${step}`;
      return hasText(language, key) ? t(key) : step;
    })
    .join(' › ');
}

export function valueWords({ path, value, says }: ContentLine, language: Language): string {
  const name = path.at(-1) ?? '';
  if (says !== undefined) return effectWords({ effect: value, says }, language);
  if (name.endsWith('Minor') && /^-?\d+$/.test(value)) return formatMoney(BigInt(value));
  const key = `${worded[name] ?? 'approvals.no-'}${value}`;
  return hasText(language, key) ? translator(language)(key) : value;
}
