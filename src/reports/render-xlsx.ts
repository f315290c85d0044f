/**
 * A report as a spreadsheet: typed cells, the header frozen, totals below, and a second sheet that says what it is, who
 * asked and when. A sheet is made in memory, so what is larger goes as CSV. A spreadsheet keeps fifteen digits of a
 * number: an amount with more is a text, to the last cent. Texts are cells of text and never run (F8).
 */
import writeXlsxFile, { type Cell as SheetCell, type SheetData } from 'write-excel-file/node';
import { formatWireInstant } from '../kernel/business-day';
import { instantFromMs } from '../kernel/clock';
import { Refusal } from '../kernel/refusal';
import { type Cell, type ColumnKind, plainCell, writtenCell } from './cell-text.rules';
import type { Column, Report, ReportSummary } from './report';
import { word } from './report-words';

const rowLimit = 200_000;
const mostExact = 10n ** 15n;

/** What XML cannot hold; no text of ours may have it, but a file must open whatever it holds. */
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const text = (value: string, more: object = {}): SheetCell => ({
  type: String,
  value: value.replace(unwritable, ''),
  ...more,
});

const bold = { fontWeight: 'bold' } as const;

/** The sheet has no zones: an instant is written as the wall clock in East Africa shows it. */
function wallClock(value: string): Date {
  return instantFromMs(Date.parse(`${value}Z`));
}

function numberCell(minor: bigint, kind: ColumnKind): SheetCell {
  if (kind === 'count') return { type: Number, value: Number(minor), format: '#,##0' };
  if (minor >= mostExact || minor <= -mostExact)
    return text(plainCell(minor, kind), { align: 'right' });
  if (kind === 'percent') return { type: Number, value: Number(minor) / 10_000, format: '0.00%' };
  return { type: Number, value: Number(plainCell(minor, kind)), format: '#,##0.00' };
}

function cellOf(cell: Cell, kind: ColumnKind): SheetCell {
  if (cell === null) return null;
  if (cell instanceof Date)
    return {
      type: Date,
      value: wallClock(formatWireInstant(cell)),
      format: 'dd/mm/yyyy hh:mm:ss',
    };
  if (typeof cell === 'bigint') return numberCell(cell, kind);
  return kind === 'day'
    ? { type: Date, value: wallClock(`${cell}T00:00:00`), format: 'dd/mm/yyyy' }
    : text(cell);
}

function totalRows(report: Report, { totals }: ReportSummary): SheetData {
  const { columns, language } = report;
  return totals.map(({ currency, cells }) =>
    columns.map(({ key, kind }, i) => {
      const cell = cells[i] ?? null;
      if (i === 0) return text(word(language, 'document.total'), bold);
      if (key === 'currency') return text(currency ?? '', bold);
      return cell === null ? null : { ...(numberCell(cell, kind) as object), ...bold };
    }),
  );
}

function about(report: Report, { rowCount, digest }: ReportSummary): SheetData {
  const { title, parameters, askedBy, madeAt, language } = report;
  const made = word(language, 'document.made', {
    who: askedBy,
    when: writtenCell(madeAt, 'instant'),
  });
  return [
    [text(title, bold)],
    [text(made)],
    ...parameters.map(({ label, value }) => [text(label), text(value)]),
    [text(word(language, 'document.rows')), text(rowCount.toString())],
    [text(word(language, 'document.digest')), text(digest)],
  ];
}

const widthOf = ({ kind, heading }: Column): number =>
  Math.max(heading.length + 2, kind === 'instant' ? 20 : kind === 'money' ? 18 : 14);

/** Refuses: report.too-large. */
export async function renderXlsx(report: Report, mostRows = rowLimit): Promise<Buffer> {
  const { columns, language, title } = report;
  const data: SheetData = [
    columns.map(({ heading, kind }) =>
      text(heading, { ...bold, align: kind === 'text' ? 'left' : 'right' }),
    ),
  ];
  for await (const row of report.rows) {
    if (data.length > mostRows)
      throw new Refusal(
        'report.too-large',
        `a spreadsheet holds ${String(mostRows)} rows here, and this report has more; take it as CSV`,
        'too-large',
      );
    data.push(columns.map(({ kind }, i) => cellOf(row[i] ?? null, kind)));
  }
  const summary = report.summary();
  data.push(...totalRows(report, summary));
  return writeXlsxFile([
    {
      sheet: title.slice(0, 31),
      data,
      stickyRowsCount: 1,
      orientation: 'landscape',
      columns: columns.map((column) => ({ width: widthOf(column) })),
    },
    {
      sheet: word(language, 'document.about'),
      data: about(report, summary),
      columns: [{ width: 40 }, { width: 70 }],
    },
  ]).toBuffer();
}
