/**
 * A report as a printed document, A4: on every page its title, what was asked, by whom and when, and the headings; page
 * x of y below; amounts to the right with their thousands separated; totals and the digest of the data at the end. The
 * font is embedded and has the letters of every language of the country. Pages are kept until the last one is known, so
 * there is a limit to them.
 */
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import PdfDocument from 'pdfkit';
import { Refusal } from '../kernel/refusal';
import { writtenCell } from './cell-text.rules';
import { layOut, margin, type Measured, type PdfLayout } from './pdf-layout.rules';
import type { Column, Report, ReportHead, ReportSummary, Row } from './report';
import { word } from './report-words';

const fonts = join(__dirname, 'fonts');
const regular = join(fonts, 'DejaVuSansCondensed.ttf');
const bold = join(fonts, 'DejaVuSansCondensed-Bold.ttf');

const pageLimit = 500;
/** Columns are as wide as the widest of so many rows; what comes later and is wider is written smaller. */
const measuredRows = 300;
/** A row is never higher than a page. The other forms have the text in full. */
const mostLetters = 400;
const size = 8;
const padding = 4;
const ink = '#1a1a1a';
const grey = '#5c5c5c';
const line = '#c8c8c8';

const isRight = (column: Column | undefined): boolean =>
  column !== undefined && ['money', 'count', 'percent'].includes(column.kind);

class Page {
  private y = 0;
  private pages = 0;

  constructor(
    private readonly doc: PDFKit.PDFDocument,
    private readonly head: ReportHead,
    private readonly layout: PdfLayout,
    private readonly mostPages: number,
  ) {}

  /** Refuses: report.too-large. */
  open(): void {
    if (this.pages === this.mostPages)
      throw new Refusal(
        'report.too-large',
        `a document has ${String(this.mostPages)} pages at most, and this report is longer; take it as CSV`,
        'too-large',
      );
    this.pages += 1;
    const { doc, head, layout } = this;
    doc.addPage({ size: 'A4', layout: layout.orientation, margin });
    const { language, title, parameters, askedBy, madeAt } = head;
    doc.font(bold).fontSize(15).fillColor(ink).text(title, margin, margin, { lineBreak: false });
    const asked = parameters.map(({ label, value }) => `${label}: ${value}`).join('   ·   ');
    doc.font(regular).fontSize(9).fillColor(ink);
    doc.text(asked, margin, margin + 24, { width: layout.width });
    doc.fontSize(size).fillColor(grey);
    const when = writtenCell(madeAt, 'instant');
    doc.text(word(language, 'document.made', { who: askedBy, when }), margin, doc.y + 2, {
      width: layout.width,
    });
    this.y = doc.y + 10;
    this.row(
      head.columns.map((column) => column.heading),
      { isHead: true },
    );
  }

  row(texts: readonly string[], { isHead = false, isTotal = false } = {}): void {
    const { doc, head, layout } = this;
    doc.font(isHead || isTotal ? bold : regular).fontSize(size);
    const boxes = texts.map((text, i) => ({
      text,
      width: (layout.widths[i] ?? 0) - 2 * padding,
      isRight: isRight(head.columns[i]),
      isFixed: !isHead && head.columns[i]?.kind !== 'text',
    }));
    const heights = boxes.map(({ text, width, isFixed }) =>
      isFixed || text === '' ? doc.currentLineHeight() : doc.heightOfString(text, { width }),
    );
    const height = Math.max(...heights) + 2 * padding;
    if (!isHead && this.y + height > this.bottom) {
      this.open();
      doc.font(isTotal ? bold : regular).fontSize(size);
    }
    let x = margin;
    for (const [i, { text, width, isRight, isFixed }] of boxes.entries()) {
      const top = isHead ? this.y + height - padding - (heights[i] ?? 0) : this.y + padding;
      if (text !== '') {
        doc.fillColor(ink);
        if (isFixed) this.fitted(text, { x: x + padding, top, width, isRight });
        else doc.text(text, x + padding, top, { width, align: isRight ? 'right' : 'left' });
      }
      x += width + 2 * padding;
    }
    if (isHead || isTotal) this.rule(isTotal ? this.y : this.y + height, 0.8, ink);
    if (!isHead) this.rule(this.y + height, 0.4, line);
    this.y += height;
  }

  note(text: string): void {
    if (this.y + 20 > this.bottom) this.open();
    this.doc.font(regular).fontSize(size).fillColor(grey);
    this.doc.text(text, margin + padding, this.y + padding, { width: this.layout.width });
    this.y = this.doc.y;
  }

  /** `Page x of y`, when all of them are there. */
  number(): void {
    for (let i = 0; i < this.pages; i++) {
      this.doc.switchToPage(i);
      const values = { page: String(i + 1), pages: String(this.pages) };
      const text = word(this.head.language, 'document.page', values);
      this.doc.page.margins.bottom = 0;
      this.doc.font(regular).fontSize(size).fillColor(grey);
      this.doc.text(text, margin, this.doc.page.height - margin + 8, {
        width: this.layout.width,
        align: 'right',
        lineBreak: false,
      });
    }
  }

  private get bottom(): number {
    return this.doc.page.height - margin - 8;
  }

  private fitted(
    text: string,
    place: { x: number; top: number; width: number; isRight: boolean },
  ): void {
    const { doc } = this;
    const needed = doc.widthOfString(text);
    const fitting = Math.min(1, place.width / needed);
    doc.fontSize(size * fitting);
    const x = place.isRight ? place.x + place.width - needed * fitting : place.x;
    doc.text(text, x, place.top, { lineBreak: false });
    doc.fontSize(size);
  }

  private rule(y: number, width: number, color: string): void {
    const { doc, layout } = this;
    doc
      .moveTo(margin, y)
      .lineTo(margin + layout.width, y)
      .lineWidth(width)
      .stroke(color);
  }
}

function measure(
  doc: PDFKit.PDFDocument,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly Measured[] {
  const widest = (texts: readonly string[]): number =>
    Math.max(0, ...texts.map((text) => doc.widthOfString(text)));
  return columns.map(({ kind, heading }, i) => {
    const texts = rows.map((row) => row[i] ?? '');
    doc.font(bold).fontSize(size);
    const headingWord = widest(heading.split(' '));
    // Sums are longer than what they sum.
    const room = kind === 'money' ? doc.widthOfString('00') : 0;
    const headed = kind === 'text' ? widest([heading]) : headingWord;
    const widestCell = widest(texts) + room;
    const words = texts.flatMap((text) => text.split(/\s+/));
    return {
      kind,
      natural: Math.max(headed, Math.min(widestCell, 240)) + 2 * padding,
      narrowest: Math.max(headingWord, widest(words)) + 2 * padding,
    };
  });
}

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
  const doc = new PdfDocument({
    autoFirstPage: false,
    bufferPages: true,
    lang: language,
    info: { Title: report.title, Author: report.askedBy, CreationDate: report.madeAt },
  });
  const written = (row: Row) =>
    columns.map(({ kind }, i) => {
      const text = writtenCell(row[i] ?? null, kind);
      return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
    });
  const first: string[][] = [];
  let page: Page | undefined;
  const begin = (more: readonly (readonly string[])[]): Page => {
    const opened = new Page(
      doc,
      report,
      layOut(measure(doc, columns, [...first, ...more])),
      mostPages,
    );
    opened.open();
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
  page.number();
  doc.pipe(out);
  doc.end();
  await finished(out);
}
