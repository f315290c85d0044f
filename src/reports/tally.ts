/** What is added up while the rows of a report go by: their number, their totals by currency, and their digest. */
import { createHash, type Hash } from 'node:crypto';
import { canonicalJson } from '../kernel/canonical-json';
import { currencies, isCurrency } from '../kernel/money';
import { plainCell } from './cell-text.rules';
import type { Column, ReportHead, ReportSummary, Row, Total } from './report';

export class Tally {
  private readonly hash: Hash;
  private readonly sums = new Map<string, bigint[]>();
  private readonly currencyPlace: number;
  private readonly columns: readonly Column[];
  private rowCount = 0;

  constructor({ name, parameters, columns }: Pick<ReportHead, 'name' | 'parameters' | 'columns'>) {
    this.columns = columns;
    this.currencyPlace = columns.findIndex((column) => column.key === 'currency');
    const values = parameters.map(({ value }) => value);
    const keys = columns.map((column) => column.key);
    this.hash = createHash('sha256').update(`${canonicalJson({ name, values, keys })}\n`);
  }

  add(row: Row): void {
    this.rowCount += 1;
    const texts = row.map((cell, i) => plainCell(cell, this.columns[i]?.kind ?? 'text'));
    this.hash.update(`${canonicalJson(texts)}\n`);
    const currency = this.currencyPlace < 0 ? '' : (texts[this.currencyPlace] ?? '');
    const sums = this.sums.get(currency) ?? this.columns.map(() => 0n);
    this.sums.set(currency, sums);
    for (const [i, { isTotalled }] of this.columns.entries()) {
      const cell = row[i];
      if (isTotalled && typeof cell === 'bigint') sums[i] = (sums[i] ?? 0n) + cell;
    }
  }

  end(): ReportSummary {
    return { rowCount: this.rowCount, totals: this.totals(), digest: this.hash.digest('hex') };
  }

  private totals(): readonly Total[] {
    if (!this.columns.some((column) => column.isTotalled)) return [];
    return ['', ...currencies].flatMap((currency) => {
      const sums = this.sums.get(currency);
      if (sums === undefined) return [];
      return [
        {
          currency: isCurrency(currency) ? currency : undefined,
          cells: sums.map((sum, i) => (this.columns[i]?.isTotalled === true ? sum : null)),
        },
      ];
    });
  }
}
