/** The report for a reader: a table in the terminal, and the same as Markdown, so that no number is typed by hand. */
import { type Figure, holds, type Report, type Target } from './figures';

function ratiosOf(figure: Figure): string {
  return Object.entries(figure.ratios)
    .map(([key, value]) => (key === 'same-run' ? `${String(value)}×` : `${String(value)} ${key}`))
    .join(', ');
}

function wording(target: Target): string {
  const sign = target.is === '>=' ? '≥' : '≤';
  const unit = target.of === 'value' ? '' : target.of === 'same-run' ? '×' : ` ${target.of}`;
  return `${sign} ${String(target.limit)}${unit}`;
}

function verdictOf(figure: Figure): string {
  return (figure.targets ?? [])
    .map((target) => {
      const isHeld = holds(figure, target);
      return isHeld === undefined ? 'not measured' : isHeld ? 'holds' : 'MISSED';
    })
    .join(', ');
}

function detailOf(figure: Figure): string {
  return Object.entries(figure.detail ?? {})
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ');
}

const headings = ['figure', 'value', 'unit', 'ratios', 'target', 'verdict', 'also seen'];

function rowOf(figure: Figure): readonly string[] {
  return [
    figure.name,
    figure.value.toLocaleString('en'),
    figure.unit,
    ratiosOf(figure),
    (figure.targets ?? []).map(wording).join(', '),
    verdictOf(figure),
    detailOf(figure),
  ];
}

export function asText(report: Report): string {
  const rows = [headings.slice(0, 6), ...report.figures.map((each) => rowOf(each).slice(0, 6))];
  const widths = headings
    .slice(0, 6)
    .map((_heading, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const table = rows.map((row) =>
    row
      .map((cell, i) => (i === 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const details = report.figures
    .filter((figure) => figure.detail !== undefined)
    .map((figure) => `  ${figure.name}: ${detailOf(figure)}`);
  return [
    `${report.bench}${report.isQuick ? ' (quick: too short to claim anything)' : ''}, commit ${report.commit}`,
    ...Object.entries(report.machine).map(([name, value]) => `  ${name}: ${String(value)}`),
    '',
    ...table,
    ...(details.length === 0 ? [] : ['', 'also seen', ...details]),
    ...(report.skipped.length === 0 ? [] : ['', 'not measured']),
    ...report.skipped.map(({ name, reason }) => `  ${name}: ${reason}`),
    ...(report.notes.length === 0 ? [] : ['', 'notes']),
    ...report.notes.map((note) => `  ${note}`),
    '',
  ].join('\n');
}

export function asMarkdown(report: Report): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `\`${report.bench}\`${report.isQuick ? ' (quick)' : ''}, commit \`${report.commit}\`: ` +
      Object.entries(report.machine)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join('; '),
    '',
    line(headings),
    line(headings.map((_heading, i) => (i === 1 ? '---:' : '---'))),
    ...report.figures.map((figure) => line(rowOf(figure))),
    '',
    ...report.skipped.map(({ name, reason }) => `- not measured: ${name}: ${reason}`),
    ...report.notes.map((note) => `- ${note}`),
    '',
  ].join('\n');
}
