/** What an officer types into a search, as the books write it. */
import { parsePlainAmount } from '../../kernel/money';

/** `0712 345 678`, `+255712345678` and `255712345678` are one phone; each party writes it its own way. */
export function phoneSpellings(typed: string): readonly string[] {
  const digits = typed.replace(/\D/g, '');
  const local = /^(?:255|0)(\d{9})$/.exec(digits)?.[1];
  const spellings =
    local === undefined ? [digits] : [`0${local}`, `255${local}`, `+255${local}`, local];
  return [...new Set([typed, ...spellings])].filter((each) => each !== '');
}

/** Minor units of `50000`, `50,000` or `50,000.00`. Refuses: money.malformed. */
export function searchedAmount(typed: string): bigint {
  return parsePlainAmount(
    /^\d{1,3}(,\d{3})+(\.|$)/.test(typed) ? typed.replaceAll(',', '') : typed,
  );
}

/** For `like`: the signs of a pattern stand for themselves, and anything may follow. */
export function beginningWith(typed: string): string {
  return `${typed.replace(/[\\%_]/g, '\\$&')}%`;
}
