/**
 * How the CSV of one PSP or bank differs from the documented layout: names of columns, signs, dates, lines above the
 * header. A mapping turns its cells into those of a documented layout; what they say is judged there
 * (docs/statements.md).
 */
import { Refusal } from '../../kernel/refusal';

export interface CsvMapping {
  /** Column of the layout → column of the file, small letters. What is not named has the layout's own name. */
  readonly columns: ReadonlyMap<string, string>;
  readonly delimiter: ',' | ';' | '\t' | '|' | undefined;
  readonly decimalComma: boolean;
  /** Of days and times, in `yyyy yy MMM MM dd HH mm ss`; undefined for those of the layout. */
  readonly dateFormat: string | undefined;
  /** Where the file has no column for it. */
  readonly currency: string | undefined;
  /** Lines above the header. */
  readonly skipLines: number;
  readonly charset: 'utf-8' | 'windows-1252';
}

const names = [
  'columns',
  'delimiter',
  'decimalComma',
  'dateFormat',
  'currency',
  'skipLines',
  'charset',
];

export const plainMapping: CsvMapping = {
  columns: new Map(),
  delimiter: undefined,
  decimalComma: false,
  dateFormat: undefined,
  currency: undefined,
  skipLines: 0,
  charset: 'utf-8',
};

/** `of` is its name in the sentence of a refusal. Refuses: statement.mapping-bad, naming what is wrong. */
export function readMapping(
  given: object | null,
  layout: readonly string[],
  of = 'statementMapping',
): CsvMapping {
  if (given === null) return plainMapping;
  const values = given as Readonly<Record<string, unknown>>;
  const bad = (name: string, wanted: string): never => {
    throw new Refusal('statement.mapping-bad', `${of}/${name}: ${wanted}`);
  };
  for (const name of Object.keys(values))
    if (!names.includes(name)) bad(name, `not a known name; wanted ${names.join(', ')}`);
  const {
    columns = {},
    delimiter,
    decimalComma = false,
    dateFormat,
    currency,
    skipLines = 0,
  } = values;
  const { charset = 'utf-8' } = values;
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns))
    return bad('columns', 'an object');
  const mapped = Object.entries(columns).map(([name, column]: [string, unknown]) => {
    if (!layout.includes(name)) bad(`columns/${name}`, `wanted one of ${layout.join(', ')}`);
    return [
      name,
      typeof column === 'string' && column.trim() !== ''
        ? column.trim().toLowerCase()
        : bad(`columns/${name}`, 'a text'),
    ] as const;
  });
  if (
    delimiter !== undefined &&
    delimiter !== ',' &&
    delimiter !== ';' &&
    delimiter !== '\t' &&
    delimiter !== '|'
  )
    return bad('delimiter', 'a comma, a semicolon, a tab or |');
  if (typeof decimalComma !== 'boolean') return bad('decimalComma', 'true or false');
  if (
    dateFormat !== undefined &&
    (typeof dateFormat !== 'string' ||
      dateFormat.length > 40 ||
      !['yy', 'MM', 'dd'].every((token) => dateFormat.includes(token)))
  )
    return bad('dateFormat', 'a form like dd/MM/yyyy HH:mm:ss');
  if (currency !== undefined && (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)))
    return bad('currency', 'a currency like TZS');
  if (
    typeof skipLines !== 'number' ||
    !Number.isInteger(skipLines) ||
    skipLines < 0 ||
    skipLines > 100
  )
    return bad('skipLines', 'a whole number from 0 to 100');
  if (charset !== 'utf-8' && charset !== 'windows-1252')
    return bad('charset', 'utf-8 or windows-1252');
  return {
    columns: new Map(mapped),
    delimiter,
    decimalComma,
    dateFormat,
    currency,
    skipLines,
    charset,
  };
}

/** The header of the file in the words of the layout; a column that stands for two is one of each. */
export function mappedHeader(
  mapping: CsvMapping,
  header: readonly string[],
  layout: readonly string[],
): readonly string[] {
  const found = layout.filter((name) => header.includes(mapping.columns.get(name) ?? name));
  return mapping.currency === undefined || found.includes('currency')
    ? found
    : [...found, 'currency'];
}

export function cellOf(
  mapping: CsvMapping,
  cells: Readonly<Record<string, string>>,
  name: string,
): string {
  const text = (cells[mapping.columns.get(name) ?? name] ?? '').trim();
  return text === '' && name === 'currency' ? (mapping.currency ?? '') : text;
}

/** With a point and without separators of thousands; what is no number comes back as it is, and is refused as that. */
export function plainNumber(mapping: CsvMapping, text: string): string {
  const form = mapping.decimalComma
    ? /^([+-]?)(\d{1,3}(?:[. \u00a0']\d{3})+|\d+)(?:,(\d*))?$/
    : /^([+-]?)(\d{1,3}(?:[, \u00a0']\d{3})+|\d+)(?:\.(\d*))?$/;
  const [, sign, whole, fraction] = form.exec(text) ?? [];
  if (whole === undefined) return text;
  const digits = whole.replace(/\D/g, '');
  return `${sign ?? ''}${digits}${fraction === undefined || fraction === '' ? '' : `.${fraction}`}`;
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** `2026-11-24T10:00:00`, or a day alone where the form has no time; what does not fit comes back as it is. */
export function plainTime(mapping: CsvMapping, text: string): string {
  if (mapping.dateFormat === undefined) return text;
  const order: string[] = [];
  const pattern = mapping.dateFormat
    .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    .replace(/yyyy|yy|MMM|MM|dd|HH|mm|ss/g, (token) => {
      order.push(token);
      return token === 'MMM' ? `(${months.join('|')})` : `(\\d{${String(token.length)}})`;
    });
  const found = new RegExp(`^${pattern}$`, 'i').exec(text);
  if (found === null) return text;
  const part = (token: string): string => found[order.indexOf(token) + 1] ?? '';
  const has = (token: string): boolean => order.includes(token);
  const year = has('yyyy') ? part('yyyy') : `20${part('yy')}`;
  const named = months.indexOf(part('MMM').toLowerCase()) + 1;
  const month = has('MMM') ? String(named).padStart(2, '0') : part('MM');
  const day = `${year}-${month}-${part('dd')}`;
  if (!has('HH')) return day;
  return `${day}T${part('HH')}:${has('mm') ? part('mm') : '00'}:${has('ss') ? part('ss') : '00'}`;
}
