/**
 * How wide the columns of a printed table are. Amounts, counts, days and instants are never broken or cut; texts give way
 * and are wrapped. A4; upright where everything fits, else lying.
 */
import type { ColumnKind } from './cell-text.rules';

export interface Measured {
  readonly kind: ColumnKind;
  /** Of the widest cell seen, in points. */
  readonly natural: number;
  /** Of the longest word of a text; of no use for what is never wrapped. */
  readonly narrowest: number;
}

export const margin = 36;
const upright = 595.28 - 2 * margin;
const lying = 841.89 - 2 * margin;

export interface PdfLayout {
  readonly orientation: 'portrait' | 'landscape';
  readonly width: number;
  readonly widths: readonly number[];
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

/** `only`: the document's pages stand that way, whatever its tables would like. */
export function layOut(columns: readonly Measured[], only?: PdfLayout['orientation']): PdfLayout {
  const natural = columns.map((column) => column.natural);
  const orientation = only ?? (sum(natural) <= upright ? 'portrait' : 'landscape');
  const width = orientation === 'portrait' ? upright : lying;
  const spare = width - sum(natural);
  const isText = columns.map(({ kind }) => kind === 'text');
  const texts = sum(natural.filter((_each, i) => isText[i]));
  if (spare >= 0) {
    const share = texts === 0 ? spare / columns.length : undefined;
    return {
      orientation,
      width,
      widths: natural.map((each, i) =>
        share === undefined
          ? each + (isText[i] === true ? (spare * each) / texts : 0)
          : each + share,
      ),
    };
  }
  // What texts can give, they give in the measure of what they have above their longest word, or as far as needed.
  const floors = columns.map(({ kind, narrowest, natural: own }) =>
    kind === 'text' ? Math.min(own, Math.max(24, Math.min(narrowest, 90))) : own,
  );
  const give = natural.map((each, i) => each - (floors[i] ?? each));
  const factor = Math.min(1, -spare / Math.max(sum(give), 1));
  const narrowed = natural.map((each, i) => each - (give[i] ?? 0) * factor);
  // Still too wide: everything shrinks alike, and the type with it.
  const scale = Math.min(1, width / sum(narrowed));
  return { orientation, width, widths: narrowed.map((each) => each * scale) };
}
