/**
 * A report as a printed document: what was asked on every page, amounts to the right with their thousands separated,
 * totals and the digest of the data at the end.
 */
import type { Writable } from 'node:stream';
import { writtenCell } from './cell-text.rules';
import { layOut } from './pdf-layout.rules';
import { measure, PdfPages } from './pdf-pages';
import type { Report, ReportHead, ReportSummary, Row } from './report';
import { word } from './report-words';

const pageLimit = 500;
/** Columns are as wide as the widest of so many rows; what comes later and is wider is written smaller. */
const measuredRows = 300;
/** A row is never higher than a page. The other forms have the text in full. */
const mostLetters = 400;

function totalTexts({ columns, language }: ReportHead, summary: ReportSummary): string[][] {
  return summary.totals.map(({ currency, cells }) =>
    columns.map(({ key, kind }, i) => {
      if (key === 'currency') return currency ?? '';
      if (i === 0) return word(language, 'document.total');
      return writtenCell(cells[i] ?? null, kind);
    }),
  );
}

/** Refuses: report.too-large. */
export async function renderPdf(
  report: Report,
  out: Writable,
  mostPages = pageLimit,
): Promise<void> {
  const { columns, language } = report;
  const subject = report.parameters.map(({ label, value }) => `${label}: ${value}`).join('   ·   ');
  const head = { ...report, subject };
  const doc = PdfPages.document(head);
  const written = (row: Row) =>
    columns.map(({ kind }, i) => {
      const text = writtenCell(row[i] ?? null, kind);
      return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
    });
  const first: string[][] = [];
  let page: PdfPages | undefined;
  const begin = (more: readonly (readonly string[])[]): PdfPages => {
    const layout = layOut(measure(doc, columns, [...first, ...more]));
    const opened = new PdfPages(doc, head, layout, mostPages);
    opened.open();
    opened.begin(columns, layout.widths);
    for (const texts of first) opened.row(texts);
    return opened;
  };
  for await (const row of report.rows) {
    if (page !== undefined) page.row(written(row));
    else if (first.push(written(row)) === measuredRows) page = begin([]);
  }
  const summary = report.summary();
  const totals = totalTexts(report, summary);
  page ??= begin(totals);
  if (summary.rowCount === 0) page.note(word(language, 'document.empty'));
  for (const texts of totals) page.row(texts, { isTotal: true });
  page.note(`${word(language, 'document.rows')}: ${String(summary.rowCount)}`);
  page.note(`${word(language, 'document.digest')}: ${summary.digest}`);
  await page.close(out);
}
