/**
 * Reads CSV files of others: UTF-8 with or without a byte order mark, commas or semicolons (whichever the header has),
 * quoted cells. The one place for it: statements, numbers of another gateway and uploads of bills come through here.
 * Every fault names its line. A stream is read as it comes, so that memory does not grow with the file.
 */
import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse, type Parser } from 'csv-parse';

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

/** Characters of one line: a quote that is never closed must not swallow the file. */
const longestLine = 8_192;
const sliceBytes = 65_536;
const newline = 10;

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Throws CsvFault, as `lines` does while it is read. */
export async function openCsv(source: Buffer | AsyncIterable<Buffer>): Promise<OpenCsv> {
  const texts = textsOf(Buffer.isBuffer(source) ? slicesOf(source) : source);
  const first = await texts.next();
  if (first.done === true) return { header: [], lines: Readable.from([]) };
  const [headLine = ''] = first.value.split('\n', 1);
  const parser = parse({
    bom: true,
    delimiter: headLine.includes(';') && !headLine.includes(',') ? ';' : ',',
    relax_column_count: true,
    info: true,
    skip_empty_lines: true,
    max_record_size: longestLine,
  });
  // Who reads the parser gets its faults; this listener is for files that nobody reads to the end.
  parser.on('error', () => undefined);
  pipeline(Readable.from(resumed(first.value, texts)), parser, () => undefined);
  const records = recordsOf(parser);
  const head = await records.next();
  if (head.done === true) return { header: [], lines: Readable.from([]) };
  const header = head.value.record.map((cell) => cell.trim().toLowerCase());
  const twice = header.find((name, i) => header.indexOf(name) < i);
  if (twice !== undefined) throw new CsvFault(1, `the column "${twice}" stands there twice`);
  return { header, lines: linesOf(records, header) };
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
): AsyncGenerator<string, undefined> {
  let line = 1;
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(newline) + 1;
    if (end === 0 && bytes.length > 4 * longestLine)
      throw new CsvFault(line, `longer than ${String(longestLine)} characters`);
    if (end > 0) {
      const whole = bytes.subarray(0, end);
      yield textOf(whole, line);
      line += newlinesIn(whole);
    }
    rest = bytes.subarray(end);
  }
  if (rest.length > 0) yield textOf(rest, line);
  return undefined;
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

function textOf(bytes: Buffer, firstLine: number): string {
  if (isText(bytes)) return bytes.toString('utf8');
  let line = firstLine;
  for (let at = 0; ; line++) {
    const end = bytes.indexOf(newline, at);
    if (end < 0 || !isText(bytes.subarray(at, end)))
      throw new CsvFault(line, 'not UTF-8 text; save the file as CSV in UTF-8');
    at = end + 1;
  }
}

async function* recordsOf(parser: Parser): AsyncGenerator<ParsedRecord, undefined> {
  try {
    for await (const each of parser) yield each as ParsedRecord;
  } catch (fault) {
    if (!(fault instanceof CsvError)) throw fault;
    const { lines } = fault as CsvError & { lines?: number };
    throw new CsvFault(lines ?? 1, `not a CSV line: ${fault.message}`);
  }
  return undefined;
}

async function* linesOf(
  records: AsyncGenerator<ParsedRecord>,
  header: readonly string[],
): AsyncGenerator<CsvLine> {
  for await (const { record, info } of records) {
    if (record.length !== header.length) {
      const [found, wanted] = [String(record.length), String(header.length)];
      throw new CsvFault(info.lines, `${found} cells, where the header has ${wanted}`);
    }
    const cells = Object.fromEntries(header.map((name, i) => [name, record[i] ?? '']));
    yield { line: info.lines, cells };
  }
}
