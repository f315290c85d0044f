/**
 * Charts as SVG, made on the server: bars, stacked bars, lines. They are pictures of a table that stands beside them, with
 * a title and a description for who cannot see them; no script, and no inline style, which the policy of the pages
 * forbids: colours are presentation attributes, and classes for a style sheet that wants others.
 */
import { scaleOf, type Scale } from './scale.rules';

export interface Series {
  readonly name: string;
  /** One for each category, in order. */
  readonly values: readonly bigint[];
}

export interface ChartInput {
  readonly kind: 'bar' | 'stacked-bar' | 'line';
  /** Unique on its page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly categories: readonly string[];
  readonly series: readonly Series[];
  /** For the axis and the titles of marks. */
  readonly written: (value: bigint) => string;
}

const width = 760;
const height = 300;
const left = 130;
const right = 12;
const top = 16;
const axis = 34;
const legend = 24;

/** Told apart in grey and by who sees no red: dark blue, orange, green, light blue, violet, brown. */
const colours = ['#1d4f91', '#d9730d', '#2e7d4f', '#6aa5d8', '#7a4b9a', '#8a6d3b'];

const colourOf = (i: number): string => colours[i % colours.length] ?? '#1d4f91';

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const at = (value: number): string => String(Math.round(value * 100) / 100);

interface Frame {
  readonly scale: Scale;
  readonly plotWidth: number;
  readonly x: (category: number) => number;
  readonly y: (value: bigint) => number;
}

function summed(series: readonly Series[], category: number): bigint {
  return series.reduce((sum, { values }) => sum + (values[category] ?? 0n), 0n);
}

function frameOf({ kind, categories, series }: ChartInput): Frame {
  const values =
    kind === 'stacked-bar'
      ? categories.map((_name, i) => summed(series, i))
      : series.flatMap((each) => each.values);
  const scale = scaleOf(values);
  const plotWidth = width - left - right;
  const plotHeight = height - top - axis - legend;
  return {
    scale,
    plotWidth,
    x: (category) => left + (plotWidth * (category + 0.5)) / Math.max(categories.length, 1),
    y: (value) => top + plotHeight * (1 - scale.place(value)),
  };
}

function axes({ categories, written }: ChartInput, { scale, x, y, plotWidth }: Frame): string {
  const ticks = scale.ticks.map((tick) => {
    const place = at(y(tick));
    return `<line x1="${String(left)}" x2="${String(left + plotWidth)}" y1="${place}" y2="${place}" stroke="${tick === 0n ? '#505a5f' : '#d5d9dc'}"/><text x="${String(left - 8)}" y="${at(y(tick) + 4)}" text-anchor="end">${escaped(written(tick))}</text>`;
  });
  // Twelve names are what there is room for.
  const every = Math.ceil(categories.length / 12);
  const base = at(y(scale.ticks[0] ?? 0n) + 20);
  const names = categories.flatMap((name, i) =>
    i % every === 0
      ? [`<text x="${at(x(i))}" y="${base}" text-anchor="middle">${escaped(name)}</text>`]
      : [],
  );
  return `<g class="chart-axis" fill="#0b0c0c">${ticks.join('')}${names.join('')}</g>`;
}

function bar(
  i: number,
  label: string,
  box: { x: number; width: number; from: number; to: number },
): string {
  const y = Math.min(box.from, box.to);
  return `<rect class="chart-series-${String(i + 1)}" x="${at(box.x)}" y="${at(y)}" width="${at(box.width)}" height="${at(Math.abs(box.from - box.to))}" fill="${colourOf(i)}"><title>${escaped(label)}</title></rect>`;
}

function labelOf(input: ChartInput, series: Series, category: number): string {
  const value = input.written(series.values[category] ?? 0n);
  return `${input.categories[category] ?? ''}, ${series.name}: ${value}`;
}

function bars(input: ChartInput, { x, y, plotWidth }: Frame): string {
  const { kind, categories, series } = input;
  const room = (plotWidth / Math.max(categories.length, 1)) * 0.72;
  const own = kind === 'bar' ? room / Math.max(series.length, 1) : room;
  return categories
    .map((_name, category) => {
      let below = 0n;
      return series
        .map((each, i) => {
          const value = each.values[category] ?? 0n;
          const start = kind === 'bar' ? 0n : below;
          below += value;
          return bar(i, labelOf(input, each, category), {
            x: x(category) - room / 2 + (kind === 'bar' ? own * i : 0),
            width: own,
            from: y(start),
            to: y(start + value),
          });
        })
        .join('');
    })
    .join('');
}

function lines(input: ChartInput, { x, y }: Frame): string {
  return input.series
    .map((each, i) => {
      const points = each.values.map((value, category) => `${at(x(category))},${at(y(value))}`);
      const dots = each.values.map(
        (value, category) =>
          `<circle cx="${at(x(category))}" cy="${at(y(value))}" r="3" fill="${colourOf(i)}"><title>${escaped(labelOf(input, each, category))}</title></circle>`,
      );
      return `<g class="chart-series-${String(i + 1)}"><polyline points="${points.join(' ')}" fill="none" stroke="${colourOf(i)}" stroke-width="2"/>${dots.join('')}</g>`;
    })
    .join('');
}

function legendOf({ series }: ChartInput): string {
  const y = height - 8;
  const room = (width - left) / Math.max(series.length, 1);
  const keys = series.map(({ name }, i) => {
    const x = left + room * i;
    return `<rect x="${at(x)}" y="${String(y - 10)}" width="12" height="12" fill="${colourOf(i)}"/><text x="${at(x + 18)}" y="${String(y)}">${escaped(name)}</text>`;
  });
  return `<g class="chart-legend" fill="#0b0c0c">${keys.join('')}</g>`;
}

export function drawChart(input: ChartInput): string {
  const { id, title, description, kind } = input;
  const frame = frameOf(input);
  const marks = kind === 'line' ? lines(input, frame) : bars(input, frame);
  return `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-labelledby="${escaped(id)}-title ${escaped(id)}-description" font-family="Arial, sans-serif" font-size="12"><title id="${escaped(id)}-title">${escaped(title)}</title><desc id="${escaped(id)}-description">${escaped(description)}</desc>${axes(input, frame)}${marks}${legendOf(input)}</svg>`;
}
