/**
 * Rows of a COPY … TO STDOUT in its binary form (PostgreSQL, "COPY", Binary Format): bytes come as they are, where a
 * result of a statement spells them in twice as many digits. For statements that read millions of them.
 */
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** Values in the binary form of their types; null for NULL. */
export type BinaryRow = readonly (Buffer | null)[];

/** The signature, the flags, and the length of an extension, of which there is none. */
const headerBytes = 19;

/** As many rows at a time as arrived. They share the memory that they arrived in. */
export async function* copiedRows(
  connection: ClientBase,
  select: string,
): AsyncGenerator<readonly BinaryRow[]> {
  const stream = connection.query(copyTo(`copy (\n${select}\n) to stdout (format binary)`));
  let rest: Buffer = Buffer.alloc(0);
  let isBegun = false;
  try {
    const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const chunk of chunks) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (!isBegun) {
        if (rest.length < headerBytes) continue;
        rest = rest.subarray(headerBytes);
        isBegun = true;
      }
      const { rows, end } = wholeRowsOf(rest);
      rest = rest.subarray(end);
      if (rows.length > 0) yield rows;
    }
  } finally {
    // Whoever stops early leaves rows on the way; the next statement of the connection comes behind them.
    stream.resume();
  }
}

function wholeRowsOf(bytes: Buffer): { readonly rows: readonly BinaryRow[]; readonly end: number } {
  const rows: BinaryRow[] = [];
  let end = 0;
  for (;;) {
    const found = rowAt(bytes, end);
    if (found === undefined) return { rows, end };
    rows.push(found.row);
    ({ end } = found);
  }
}

/** undefined for one that has not arrived whole, and at the end, which is marked by a count below 0. */
function rowAt(
  bytes: Buffer,
  start: number,
): { readonly row: BinaryRow; readonly end: number } | undefined {
  if (start + 2 > bytes.length) return undefined;
  const count = bytes.readInt16BE(start);
  if (count < 0) return undefined;
  const row: (Buffer | null)[] = [];
  let at = start + 2;
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) {
      row.push(null);
      continue;
    }
    if (at + length > bytes.length) return undefined;
    row.push(bytes.subarray(at, at + length));
    at += length;
  }
  return { row, end: at };
}
