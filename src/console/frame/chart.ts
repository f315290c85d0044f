/**
 * Bars as SVG, drawn on the server: for a glance, beside a table with the same numbers. Colours and patterns differ in
 * lightness too, so that print and eyes that see no colour tell them apart.
 */
export interface BarChart {
  readonly title: string;
  readonly summary: string;
  readonly labels: readonly string[];
  /** One or two rows of numbers, as many as there are labels. */
  readonly series: readonly { readonly name: string; readonly values: readonly bigint[] }[];
}

export interface DrawnChart {
  readonly title: string;
  readonly svg: string;
}

const width = 720;
const height = 240;
const left = 8;
const bottom = 44;
const top = 28;
/** A lone bar is a bar, and no wall. */
const widestBar = 60;
const fills = ['#0b4f3c', '#c4d6cd'];

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (each) => `&#${String(each.charCodeAt(0))};`);

/** A share of the height, in tenths of a unit: amounts are divided as whole numbers, and only lengths are numbers. */
function lengthOf(value: bigint, largest: bigint, room: number): number {
  if (largest <= 0n || value <= 0n) return 0;
  return Number((value * BigInt(room * 10)) / largest) / 10;
}

export function barChart(chart: BarChart): DrawnChart {
  const largest = chart.series
    .flatMap(({ values }) => values)
    .reduce((most, each) => (each > most ? each : most), 0n);
  const room = height - top - bottom;
  const slot = (width - 2 * left) / Math.max(1, chart.labels.length);
  const bar = Math.min((slot * 0.8) / Math.max(1, chart.series.length), widestBar);
  const margin = (slot - bar * chart.series.length) / 2;
  const base = height - bottom;
  const bars = chart.series.flatMap(({ values }, row) =>
    values.map((value, place) => {
      const long = lengthOf(value, largest, room);
      const x = (left + place * slot + margin + row * bar).toFixed(1);
      return `<rect x="${x}" y="${(base - long).toFixed(1)}" width="${bar.toFixed(1)}" height="${long.toFixed(1)}" fill="${fills[row] ?? '#888'}" stroke="#0b4f3c"/>`;
    }),
  );
  const labels = chart.labels.map((label, place) => {
    const x = (left + (place + 0.5) * slot).toFixed(1);
    return `<text x="${x}" y="${String(base + 18)}" font-size="13" text-anchor="middle" fill="#12211c">${escaped(label)}</text>`;
  });
  const legend = chart.series.map(
    ({ name }, row) =>
      `<rect x="${String(left + row * 240)}" y="4" width="14" height="14" fill="${fills[row] ?? '#888'}" stroke="#0b4f3c"/>` +
      `<text x="${String(left + 20 + row * 240)}" y="16" font-size="13" fill="#12211c">${escaped(name)}</text>`,
  );
  return {
    title: chart.title,
    svg:
      `<svg viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="${escaped(chart.summary)}" font-family="system-ui, sans-serif">` +
      `<line x1="${String(left)}" y1="${String(base)}" x2="${String(width - left)}" y2="${String(base)}" stroke="#12211c"/>` +
      `${bars.join('')}${labels.join('')}${legend.join('')}</svg>`,
  };
}
