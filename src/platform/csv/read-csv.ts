/**
 * Reads CSV files of others: UTF-8 with or without a byte order mark, commas or semicolons (whichever the header has),
 * quoted cells. The one place for it: statements, numbers of another gateway and uploads of bills come through here.
 * Every fault names its line. A stream is read as it comes, so that memory does not grow with the file.
 */
import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { CsvError, parse, type Parser } from 'csv-parse';
import { foreignKind } from './file-kind';

export interface CsvLine {
  /** Line of the file, the header being 1. */
  readonly line: number;
  /** By column, as they came. */
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvLineFault {
  readonly line: number;
  /** Empty where the whole line is meant. */
  readonly column: string;
  readonly reason: string;
}

/** The file cannot be read from this line on. */
export class CsvFault extends Error {
  constructor(
    readonly line: number,
    readonly reason: string,
  ) {
    super(`line ${String(line)}: ${reason}`);
  }
}

export interface OpenCsv {
  /** Trimmed and in small letters; empty for an empty file. */
  readonly header: readonly string[];
  readonly lines: AsyncIterable<CsvLine>;
}

/** How a file differs from what is read by default. */
export interface CsvForm {
  readonly delimiter?: string | undefined;
  /** Lines above the header. */
  readonly skipLines?: number;
  readonly charset?: 'utf-8' | 'windows-1252';
}

/** Characters of one line: a quote that is never closed must not swallow the file. */
const longestLine = 8_192;
const sliceBytes = 65_536;
const newline = 10;

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Throws CsvFault, as `lines` does while it is read. */
export async function openCsv(
  source: Buffer | AsyncIterable<Buffer>,
  { delimiter, skipLines = 0, charset = 'utf-8' }: CsvForm = {},
): Promise<OpenCsv> {
  const slices = Buffer.isBuffer(source) ? slicesOf(source) : source;
  const texts = textsOf(slices, skipLines, charset);
  const first = await texts.next();
  if (first.done === true) return { header: [], lines: Readable.from([]) };
  const [headLine = ''] = first.value.split('\n', 1);
  const parser = parse({
    bom: true,
    delimiter: delimiter ?? (headLine.includes(';') && !headLine.includes(',') ? ';' : ','),
    relax_column_count: true,
    info: true,
    skip_empty_lines: true,
    max_record_size: longestLine,
  });
  // Who reads the parser gets its faults; this listener is for files that nobody reads to the end.
  parser.on('error', () => undefined);
  pipeline(Readable.from(resumed(first.value, texts)), parser, () => undefined);
  const records = recordsOf(parser, skipLines);
  const head = await records.next();
  if (head.done === true) return { header: [], lines: Readable.from([]) };
  const header = head.value.record.map((cell) => cell.trim().toLowerCase());
  const twice = header.find((name, i) => header.indexOf(name) < i);
  if (twice !== undefined)
    throw new CsvFault(1 + skipLines, `the column "${twice}" stands there twice`);
  return { header, lines: linesOf(records, header, skipLines) };
}

/** A whole file that fits into memory: its lines, or what is wrong with its form. */
export async function readCsv(
  bytes: Buffer,
  headerFaults: (header: readonly string[]) => readonly CsvLineFault[],
): Promise<{ readonly lines: readonly CsvLine[]; readonly faults: readonly CsvLineFault[] }> {
  try {
    const { header, lines } = await openCsv(bytes);
    const faults = headerFaults(header);
    if (faults.length > 0) return { lines: [], faults };
    const read: CsvLine[] = [];
    for await (const line of lines) read.push(line);
    return { lines: read, faults };
  } catch (fault) {
    if (!(fault instanceof CsvFault)) throw fault;
    return { lines: [], faults: [{ line: fault.line, column: '', reason: fault.reason }] };
  }
}

function* slicesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.subarray(at, at + sliceBytes);
}

async function* resumed(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

/** Whole lines as text, so that no character is cut in two and a bad one is known by its line. */
async function* textsOf(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  skipLines: number,
  charset: 'utf-8' | 'windows-1252',
): AsyncGenerator<string, undefined> {
  const textOf = (bytes: Buffer, first: number): string =>
    charset === 'utf-8' ? utf8Of(bytes, first) : latinOf(bytes, first);
  let line = 1;
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(newline) + 1;
    if (line === 1 && (end > 0 || bytes.length > longestLine)) refuseForeign(bytes);
    if (end === 0 && bytes.length > 4 * longestLine)
      throw new CsvFault(line, `longer than ${String(longestLine)} characters`);
    if (end > 0) {
      const start = skippedBytes(bytes.subarray(0, end), skipLines + 1 - line);
      line += newlinesIn(bytes.subarray(0, start));
      const whole = bytes.subarray(start, end);
      if (whole.length > 0) yield textOf(whole, line);
      line += newlinesIn(whole);
    }
    rest = bytes.subarray(end);
  }
  if (line === 1) refuseForeign(rest);
  if (rest.length > 0 && line > skipLines) yield textOf(rest, line);
  return undefined;
}

/** Of the bytes that a file begins with. */
function refuseForeign(bytes: Buffer): void {
  const kind =
    foreignKind(bytes) ??
    (/^(?:\xff\xfe|\xfe\xff)/.test(bytes.subarray(0, 2).toString('latin1'))
      ? 'UTF-16 text; save it in UTF-8'
      : undefined) ??
    (/^\s*<\?xml/.test(bytes.subarray(0, 100).toString('latin1')) ? 'XML' : undefined);
  if (kind !== undefined) throw new CsvFault(1, `${kind}; wanted CSV`);
}

/** Where the line after so many of them begins; the end where there are fewer. */
function skippedBytes(bytes: Buffer, lines: number): number {
  let start = 0;
  for (let left = lines; left > 0 && start < bytes.length; left--)
    start = bytes.indexOf(newline, start) + 1;
  return start;
}

function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}

/** No text of people has a NUL, and the database takes none. */
function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

const latin = new TextDecoder('windows-1252');

function latinOf(bytes: Buffer, firstLine: number): string {
  const nul = bytes.indexOf(0);
  if (nul < 0) return latin.decode(bytes);
  const line = firstLine + newlinesIn(bytes.subarray(0, nul));
  throw new CsvFault(line, 'a NUL character, which no text has');
}

function utf8Of(bytes: Buffer, firstLine: number): string {
  if (isText(bytes)) return bytes.toString('utf8');
  let line = firstLine;
  for (let at = 0; ; line++) {
    const end = bytes.indexOf(newline, at);
    if (end < 0 || !isText(bytes.subarray(at, end)))
      throw new CsvFault(line, 'not UTF-8 text; save the file as CSV in UTF-8');
    at = end + 1;
  }
}

async function* recordsOf(
  parser: Parser,
  skipLines: number,
): AsyncGenerator<ParsedRecord, undefined> {
  try {
    for await (const each of parser) yield each as ParsedRecord;
  } catch (fault) {
    if (!(fault instanceof CsvError)) throw fault;
    const { lines } = fault as CsvError & { lines?: number };
    throw new CsvFault((lines ?? 1) + skipLines, `not a CSV line: ${fault.message}`);
  }
  return undefined;
}

async function* linesOf(
  records: AsyncGenerator<ParsedRecord>,
  header: readonly string[],
  skipLines: number,
): AsyncGenerator<CsvLine> {
  for await (const { record, info } of records) {
    const line = info.lines + skipLines;
    if (record.length !== header.length) {
      const [found, wanted] = [String(record.length), String(header.length)];
      throw new CsvFault(line, `${found} cells, where the header has ${wanted}`);
    }
    const cells = Object.fromEntries(header.map((name, i) => [name, record[i] ?? '']));
    yield { line, cells };
  }
}
