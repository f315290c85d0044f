/** The collections of a report as bars: the currency of its first row, and at most as many bars as can be read. */
import type { ReportPage } from '../../reports/run-report';
import { barChart, type DrawnChart } from '../frame/chart';

const mostBars = 16;

/** Undefined where there is nothing to compare. */
export function collectionsChart(page: ReportPage): DrawnChart | undefined {
  const place = (key: string): number => page.columns.findIndex((column) => column.key === key);
  const [period, key, currency, net] = ['period', 'key', 'currency', 'net'].map(place);
  const text = (cell: unknown): string => (typeof cell === 'string' ? cell : '');
  const shownCurrency = text(page.rows[0]?.[currency ?? -1]);
  const sums = new Map<string, bigint>();
  for (const row of page.rows) {
    if (text(row[currency ?? -1]) !== shownCurrency) continue;
    const label = text(row[key ?? -1]) || text(row[period ?? -1]);
    const amount = row[net ?? -1];
    if (typeof amount === 'bigint') sums.set(label, (sums.get(label) ?? 0n) + amount);
  }
  if (sums.size < 2) return undefined;
  const largest = [...sums].sort(([, a], [, b]) => (a < b ? 1 : -1)).slice(0, mostBars);
  const name = `${page.columns[net ?? -1]?.heading ?? ''}, ${shownCurrency}`;
  return barChart({
    title: name,
    summary: name,
    labels: largest.map(([label]) => label),
    series: [{ name, values: largest.map(([, amount]) => amount) }],
  });
}
