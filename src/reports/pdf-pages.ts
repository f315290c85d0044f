/**
 * The pages of a printed document, A4: on every page its title, what it is of, by whom and when it was made, and the
 * headings of the table that goes on; page x of y below. The font is embedded and has the letters of every language of the
 * country. Pages are kept until the last one is known, so there is a limit to them.
 */
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import PdfDocument from 'pdfkit';
import { Refusal } from '../kernel/refusal';
import type { Language } from '../platform/locale/locale';
import { writtenCell } from './cell-text.rules';
import { margin, type Measured, type PdfLayout } from './pdf-layout.rules';
import type { Column } from './report';
import { word } from './report-words';

const fonts = join(__dirname, 'fonts');
export const regular = join(fonts, 'DejaVuSansCondensed.ttf');
export const bold = join(fonts, 'DejaVuSansCondensed-Bold.ttf');

const size = 8;
const padding = 4;
const ink = '#1a1a1a';
const grey = '#5c5c5c';
const line = '#c8c8c8';

/** Pages finished at a time: about 5 ms, and payments are answered in between. */
const pagesAtOnce = 5;

export interface PageHead {
  readonly language: Language;
  readonly title: string;
  /** What it is of: below the title. */
  readonly subject: string;
  readonly askedBy: string;
  readonly madeAt: Date;
}

export type PageColumn = Pick<Column, 'heading' | 'kind'>;

const isRight = (column: PageColumn | undefined): boolean =>
  column !== undefined && ['money', 'count', 'percent'].includes(column.kind);

export class PdfPages {
  private y = 0;
  private pages = 0;
  private table: { readonly columns: readonly PageColumn[]; readonly widths: readonly number[] } = {
    columns: [],
    widths: [],
  };

  constructor(
    private readonly doc: PDFKit.PDFDocument,
    private readonly head: PageHead,
    private readonly layout: Pick<PdfLayout, 'orientation' | 'width'>,
    private readonly mostPages: number,
  ) {}

  static document(head: PageHead): PDFKit.PDFDocument {
    return new PdfDocument({
      autoFirstPage: false,
      bufferPages: true,
      lang: head.language,
      info: { Title: head.title, Author: head.askedBy, CreationDate: head.madeAt },
    });
  }

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
    const { language, title, subject, askedBy, madeAt } = head;
    doc.font(bold).fontSize(15).fillColor(ink).text(title, margin, margin, { lineBreak: false });
    doc.font(regular).fontSize(9).fillColor(ink);
    doc.text(subject, margin, margin + 24, { width: layout.width });
    doc.fontSize(size).fillColor(grey);
    const when = writtenCell(madeAt, 'instant');
    doc.text(word(language, 'document.made', { who: askedBy, when }), margin, doc.y + 2, {
      width: layout.width,
    });
    this.y = doc.y + 10;
    this.heads();
  }

  /** What follows is of these columns, until `end`. */
  begin(columns: readonly PageColumn[], widths: readonly number[]): void {
    this.table = { columns, widths };
    this.heads();
  }

  end(): void {
    this.table = { columns: [], widths: [] };
    this.y += 2 * padding;
  }

  /** Never alone at the end of a page. Refuses: report.too-large. */
  caption(text: string): void {
    if (this.y + 80 > this.bottom) this.open();
    this.doc.font(bold).fontSize(10).fillColor(ink);
    this.doc.text(text, margin, this.y + padding, { width: this.layout.width });
    this.y = this.doc.y + 2;
  }

  row(texts: readonly string[], { isHead = false, isTotal = false } = {}): void {
    const { doc } = this;
    const { columns, widths } = this.table;
    doc.font(isHead || isTotal ? bold : regular).fontSize(size);
    const boxes = texts.map((text, i) => ({
      text,
      width: (widths[i] ?? 0) - 2 * padding,
      isRight: isRight(columns[i]),
      isFixed: !isHead && columns[i]?.kind !== 'text',
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

  /** `Page x of y`, when all of them are there; then what was written goes out, and `out` is ended. */
  async close(out: Writable): Promise<void> {
    this.doc.pipe(out);
    for (let i = 0; i < this.pages; i++) {
      this.finish(i);
      if (i % pagesAtOnce === 0) await breathe();
    }
    this.doc.end();
    await finished(out);
  }

  private heads(): void {
    const { columns } = this.table;
    if (columns.length > 0)
      this.row(
        columns.map((column) => column.heading),
        { isHead: true },
      );
  }

  private finish(place: number): void {
    const { doc } = this;
    doc.switchToPage(place);
    const { page } = doc;
    const values = { page: String(place + 1), pages: String(this.pages) };
    const text = word(this.head.language, 'document.page', values);
    page.margins.bottom = 0;
    doc.font(regular).fontSize(size).fillColor(grey);
    doc.text(text, margin, page.height - margin + 8, {
      width: this.layout.width,
      align: 'right',
      lineBreak: false,
    });
    page.end();
    // The document would end, and compress, all of its pages at once; each is at its end by then.
    page.end = () => undefined;
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

/** How wide columns would like to be, by what is written in them, row by row. */
export class ColumnWidths {
  private readonly seen: { cell: number; word: number }[];

  constructor(
    private readonly doc: PDFKit.PDFDocument,
    private readonly columns: readonly PageColumn[],
  ) {
    this.seen = columns.map(() => ({ cell: 0, word: 0 }));
  }

  add(texts: readonly string[]): this {
    this.doc.font(bold).fontSize(size);
    for (const [i, seen] of this.seen.entries()) {
      const text = texts[i] ?? '';
      seen.cell = Math.max(seen.cell, this.doc.widthOfString(text));
      seen.word = Math.max(seen.word, this.widest(text.split(/\s+/)));
    }
    return this;
  }

  measured(): readonly Measured[] {
    this.doc.font(bold).fontSize(size);
    return this.columns.map(({ kind, heading }, i) => {
      const { cell, word: longest } = this.seen[i] ?? { cell: 0, word: 0 };
      const headingWord = this.widest(heading.split(' '));
      // Sums are longer than what they sum.
      const room = kind === 'money' ? this.doc.widthOfString('00') : 0;
      const headed = kind === 'text' ? this.widest([heading]) : headingWord;
      return {
        kind,
        natural: Math.max(headed, Math.min(cell + room, 240)) + 2 * padding,
        narrowest: Math.max(headingWord, longest) + 2 * padding,
      };
    });
  }

  private widest(texts: readonly string[]): number {
    return Math.max(0, ...texts.map((text) => this.doc.widthOfString(text)));
  }
}
