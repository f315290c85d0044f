/**
 * A report as CSV: a header line and its rows, nothing else, so that programs read it too. Amounts are plain decimals,
 * negative ones too; a text that a spreadsheet would run as a formula begins with a quote (F8). Any number of rows.
 */
import { stringify } from 'csv-stringify/sync';
import { plainCell, safeText } from './cell-text.rules';
import type { Report } from './report';

/** Spreadsheets that are not told take a file without it for Latin-1. */
const byteOrderMark = '\ufeff';

export async function* renderCsv(report: Report): AsyncGenerator<string> {
  const { columns } = report;
  let lines: string[][] = [columns.map(({ heading }) => safeText(heading))];
  yield byteOrderMark;
  for await (const row of report.rows) {
    lines.push(
      columns.map(({ kind }, i) => {
        const text = plainCell(row[i] ?? null, kind);
        return kind === 'text' ? safeText(text) : text;
      }),
    );
    if (lines.length < 500) continue;
    yield stringify(lines, { record_delimiter: 'windows' });
    lines = [];
  }
  if (lines.length > 0) yield stringify(lines, { record_delimiter: 'windows' });
}
