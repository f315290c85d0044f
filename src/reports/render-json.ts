/** A report as JSON for programs: amounts and counts as texts, rows as objects, totals and digest at the end. */
import { plainCell } from './cell-text.rules';
import type { Column, Report, ReportSummary, Row } from './report';

function objectOf(columns: readonly Column[], row: Row): Record<string, string | null> {
  return Object.fromEntries(
    columns.map(({ key, kind }, i) => {
      const cell = row[i] ?? null;
      return [key, cell === null ? null : plainCell(cell, kind)];
    }),
  );
}

function summaryAsJson(
  columns: readonly Column[],
  { rowCount, totals, digest }: ReportSummary,
): object {
  return {
    rowCount,
    totals: totals.map(({ currency, cells }) => ({
      currency: currency ?? null,
      ...Object.fromEntries(
        columns.flatMap(({ key, kind }, i) => {
          const cell = cells[i] ?? null;
          return cell === null ? [] : [[key, plainCell(cell, kind)]];
        }),
      ),
    })),
    digest,
  };
}

export async function* renderJson(report: Report): AsyncGenerator<string> {
  const { name, title, parameters, columns, askedBy, madeAt } = report;
  const head = {
    report: name,
    title,
    parameters,
    columns: columns.map(({ key, heading, kind }) => ({ key, heading, kind })),
    askedBy,
    madeAt: plainCell(madeAt, 'instant'),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"rows":[`;
  let separator = '\n';
  for await (const row of report.rows) {
    yield separator + JSON.stringify(objectOf(columns, row));
    separator = ',\n';
  }
  yield `\n],${JSON.stringify(summaryAsJson(columns, report.summary())).slice(1)}\n`;
}
