/**
 * A report as a spreadsheet: typed cells, the header frozen, totals below, and a second sheet that says what it is, who
 * asked and when. It is written in a thread of its own, in memory, so what is larger goes as CSV. A spreadsheet keeps fifteen digits of a
 * number: an amount with more is a text, to the last cent. Texts are cells of text and never run (F8).
 */
import { formatWireInstant } from '../kernel/business-day';
import { instantFromMs } from '../kernel/clock';
import { Refusal } from '../kernel/refusal';
import { type Cell, type ColumnKind, plainCell, writtenCell } from './cell-text.rules';
import type { Column, Report, ReportSummary } from './report';
import { word } from './report-words';
import { type SentCell, SheetWriter } from './sheet-writer';

const rowLimit = 200_000;
const mostExact = 10n ** 15n;

/** What XML cannot hold; no text of ours may have it, but a file must open whatever it holds. */
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const text = (value: string): string => value.replace(unwritable, '');

/** The sheet has no zones: an instant is written as the wall clock in East Africa shows it. */
function wallClock(value: string): Date {
  return instantFromMs(Date.parse(`${value}Z`));
}

function numberCell(minor: bigint, kind: ColumnKind): SentCell {
  if (kind === 'count') return [Number(minor), '#,##0'];
  if (minor >= mostExact || minor <= -mostExact) return [plainCell(minor, kind), 'right'];
  if (kind === 'percent') return [Number(minor) / 10_000, '0.00%'];
  return [Number(plainCell(minor, kind)), '#,##0.00'];
}

function cellOf(cell: Cell, kind: ColumnKind): SentCell {
  if (cell === null) return null;
  if (cell instanceof Date) return [wallClock(formatWireInstant(cell)), 'dd/mm/yyyy hh:mm:ss'];
  if (typeof cell === 'bigint') return numberCell(cell, kind);
  return kind === 'day' ? [wallClock(`${cell}T00:00:00`), 'dd/mm/yyyy'] : text(cell);
}

function totalRows(report: Report, { totals }: ReportSummary): readonly (readonly SentCell[])[] {
  const { columns, language } = report;
  return totals.map(({ currency, cells }) =>
    columns.map(({ key, kind }, i): SentCell => {
      const cell = cells[i] ?? null;
      if (i === 0) return text(word(language, 'document.total'));
      if (key === 'currency') return text(currency ?? '');
      return cell === null ? null : numberCell(cell, kind);
    }),
  );
}

function about(report: Report, { rowCount, digest }: ReportSummary): readonly SentCell[][] {
  const { parameters, askedBy, madeAt, language } = report;
  const made = word(language, 'document.made', {
    who: askedBy,
    when: writtenCell(madeAt, 'instant'),
  });
  return [
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
  const writer = new SheetWriter();
  try {
    return await write(report, writer, mostRows);
  } finally {
    await writer.stop();
  }
}

async function write(report: Report, writer: SheetWriter, mostRows: number): Promise<Buffer> {
  const { columns, language, title } = report;
  writer.begin({
    sheet: title.slice(0, 31),
    stickyRowsCount: 1,
    orientation: 'landscape',
    columns: columns.map((column) => ({ width: widthOf(column) })),
  });
  writer.addBold(
    columns.map(({ heading, kind }) =>
      kind === 'text' ? text(heading) : [text(heading), 'right'],
    ),
  );
  let count = 0;
  for await (const row of report.rows) {
    if (count === mostRows)
      throw new Refusal(
        'report.too-large',
        `a spreadsheet holds ${String(mostRows)} rows here, and this report has more; take it as CSV`,
        'too-large',
      );
    count += 1;
    await writer.add(columns.map(({ kind }, i) => cellOf(row[i] ?? null, kind)));
  }
  const summary = report.summary();
  for (const row of totalRows(report, summary)) writer.addBold(row);
  writer.begin({
    sheet: word(language, 'document.about'),
    columns: [{ width: 40 }, { width: 70 }],
  });
  writer.addBold([text(title)]);
  for (const row of about(report, summary)) await writer.add(row);
  return writer.finish();
}
