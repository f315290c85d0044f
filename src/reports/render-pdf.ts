/**
 * A report as a printed document: what was asked on every page, amounts to the right with their thousands separated,
 * totals and the digest of the data at the end.
 */
import type { Writable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { writtenCell } from './cell-text.rules';
import { layOut } from './pdf-layout.rules';
import { ColumnWidths, PdfPages } from './pdf-pages';
import type { Report, ReportHead, ReportSummary, Row } from './report';
import { word } from './report-words';

const pageLimit = 500;
/** Columns are as wide as the widest of so many rows; what comes later and is wider is written smaller. */
const measuredRows = 300;
/** Of the first ones, written at a time, as many as a report hands over: payments are answered in between. */
const rowsAtOnce = 20;
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
  const widths = new ColumnWidths(doc, columns);
  let page: PdfPages | undefined;
  const begin = async (): Promise<PdfPages> => {
    const layout = layOut(widths.measured());
    const opened = new PdfPages(doc, head, layout, mostPages);
    opened.open();
    opened.begin(columns, layout.widths);
    for (const [i, texts] of first.entries()) {
      opened.row(texts);
      if (i % rowsAtOnce === 0) await breathe();
    }
    return opened;
  };
  for await (const row of report.rows) {
    const texts = written(row);
    if (page !== undefined) page.row(texts);
    else {
      widths.add(texts);
      if (first.push(texts) === measuredRows) page = await begin();
    }
  }
  const summary = report.summary();
  const totals = totalTexts(report, summary);
  if (page === undefined) {
    for (const texts of totals) widths.add(texts);
    page = await begin();
  }
  if (summary.rowCount === 0) page.note(word(language, 'document.empty'));
  for (const texts of totals) page.row(texts, { isTotal: true });
  page.note(`${word(language, 'document.rows')}: ${String(summary.rowCount)}`);
  page.note(`${word(language, 'document.digest')}: ${summary.digest}`);
  await page.close(out);
}
