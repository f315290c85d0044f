/**
 * The bytes of a bank's file as text: what kind of file it is by its first bytes, and in which charset. UTF-8 unless the
 * file says otherwise; MT940 and CSV of banks that are not UTF-8 are Latin-1 (Windows-1252).
 */
import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { foreignKind } from '../../platform/csv/file-kind';
import { UnreadableFile } from './fault-log';

const largestFile = 256 * 1024 * 1024;

export type Head =
  | { readonly kind: 'xml'; readonly charset: string }
  | { readonly kind: 'mt940' }
  | { readonly kind: 'text' }
  | { readonly kind: 'other'; readonly reason: string };

const utf8Mark = /^\xef\xbb\xbf/;

/** Of the first few kilobytes. */
export function headOf(bytes: Buffer): Head {
  const first = bytes.subarray(0, 4_096).toString('latin1');
  if (first.trim() === '') return { kind: 'other', reason: 'the file is empty' };
  const foreign = foreignKind(bytes);
  if (foreign !== undefined)
    return { kind: 'other', reason: `${foreign}; wanted camt.053, camt.054, MT940 or CSV` };
  if (first.startsWith('ÿþ')) return { kind: 'xml', charset: 'utf-16le' };
  if (first.startsWith('þÿ')) return { kind: 'xml', charset: 'utf-16be' };
  const plain = first.replace(utf8Mark, '').trimStart();
  if (plain.startsWith('<')) {
    const [, declared = 'utf-8'] =
      /^<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(plain) ?? [];
    return { kind: 'xml', charset: declared };
  }
  if (/^\s*\{1:|^(?:[^\n]{0,80}\n){0,9}:(?:20|25|28C?):/.test(plain)) return { kind: 'mt940' };
  if (first.includes('\0'))
    return { kind: 'other', reason: 'no text; wanted camt.053, camt.054, MT940 or CSV' };
  return { kind: 'text' };
}

/** The first bytes, and a stream of all of them that counts. Nothing of the file is held but what is on its way. */
export async function peek(
  source: AsyncIterable<Buffer>,
): Promise<{ readonly head: Buffer; readonly bytes: AsyncGenerator<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 4_096) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* bytes(): AsyncGenerator<Buffer> {
    let length = head.length;
    yield head;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      length += next.value.length;
      if (length > largestFile)
        throw new UnreadableFile(
          0,
          '',
          'the file is longer than 256 MB; split it by account or day',
        );
      yield next.value;
    }
  }
  return { head, bytes: bytes() };
}

/** Text of a stream in a declared charset; a byte that is not of it stops the reading with its line. */
export async function* decoded(
  bytes: AsyncIterable<Buffer>,
  charset: string,
): AsyncGenerator<string> {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset, { fatal: true });
  } catch {
    throw new UnreadableFile(1, 'encoding', `the charset "${charset}" is not known`);
  }
  let line = 1;
  for await (const chunk of bytes) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      throw new UnreadableFile(line + badLine(chunk), 'encoding', `not ${charset} text`);
    }
    line += newlines(text);
    yield text;
  }
  try {
    yield decoder.decode();
  } catch {
    throw new UnreadableFile(line, 'encoding', `not ${charset} text: the file ends in a character`);
  }
}

function newlines(text: string): number {
  let count = 0;
  for (let found = text.indexOf('\n'); found >= 0; found = text.indexOf('\n', found + 1))
    count += 1;
  return count;
}

/** How many lines into the chunk its first bad byte is. */
function badLine(chunk: Buffer): number {
  let count = 0;
  for (let from = 0; ; count++) {
    const end = chunk.indexOf(10, from);
    if (end < 0 || !isUtf8(chunk.subarray(from, end))) return count;
    from = end + 1;
  }
}

export interface TextLine {
  readonly line: number;
  readonly text: string;
}

/** Bytes of one line. */
const longestLine = 65_536;

/** Lines of a text file, each UTF-8 or, where it is not, Windows-1252; ended by LF, CRLF or the end of the file. */
export async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<TextLine> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  const latin = new TextDecoder('windows-1252');
  const textOf = (raw: Buffer): string => {
    const text = isUtf8(raw) ? raw.toString('utf8') : latin.decode(raw);
    return (line === 1 ? text.replace(/^\ufeff/, '') : text).replace(/\r$/, '');
  };
  for await (const chunk of bytes) {
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
      line += 1;
      if (end - from > longestLine) throw tooLong(line);
      yield { line, text: textOf(all.subarray(from, end)) };
      from = end + 1;
    }
    rest = all.subarray(from);
    if (rest.length > longestLine) throw tooLong(line + 1);
  }
  if (rest.length > 0) {
    line += 1;
    yield { line, text: textOf(rest) };
  }
}

function tooLong(line: number): UnreadableFile {
  return new UnreadableFile(line, '', `longer than ${String(longestLine)} bytes`);
}
