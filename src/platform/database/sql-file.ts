/**
 * One set-based statement kept in a `.sql` file beside its store: read once at load, run with typed parameters and
 * rows. The file opens with its contract and can be run in psql as it stands. Each connection prepares a statement at
 * its first use and keeps its plan.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeLiteral } from 'pg';
import type { Reader } from './database';

export interface Statement<Parameters extends readonly unknown[], Row> {
  run(reader: Pick<Reader, 'prepared'>, ...parameters: Parameters): Promise<Row[]>;
  /** As many rows as there may be, `portion` at a time, through a cursor: within one transaction only. */
  stream(reader: Reader, portion: number, ...parameters: Parameters): AsyncIterable<Row[]>;
  /** As it is asked for a COPY, which takes no parameters: they stand in the text as literals. */
  written(...parameters: Parameters): string;
}

export function sqlFile<Parameters extends readonly unknown[], Row>(
  folder: string,
  name: string,
): Statement<Parameters, Row> {
  const text = readFileSync(join(folder, name), 'utf8');
  // PostgreSQL cuts names at 63 bytes; the digest keeps two files of one name apart.
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const statement = `${name.replace(/^.*\/|\.sql$/g, '')}-${digest}`.slice(-63);
  return {
    run: (reader, ...parameters) => reader.prepared<Row>(statement, text, parameters),
    stream: (reader, portion, ...parameters) => readThrough<Row>(reader, text, parameters, portion),
    written: (...parameters) =>
      text.replace(/\$(\d+)/g, (_place, number: string) =>
        escapeLiteral(String(parameters[Number(number) - 1])),
      ),
  };
}

async function* readThrough<Row>(
  reader: Reader,
  text: string,
  parameters: readonly unknown[],
  portion: number,
): AsyncGenerator<Row[]> {
  const question = text.trimEnd().replace(/;$/, '');
  await reader.query(`declare streamed no scroll cursor for ${question}`, parameters);
  for (;;) {
    const rows = await reader.query<Row>(`fetch forward ${String(portion)} from streamed`);
    if (rows.length > 0) yield rows;
    if (rows.length < portion) break;
  }
  await reader.query(`close streamed`);
}
