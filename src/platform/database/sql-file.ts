/**
 * One set-based statement kept in a `.sql` file beside its store: read once at load, run with typed parameters and
 * rows. The file opens with its contract and can be run in psql as it stands.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reader } from './database';

export interface Statement<Parameters extends readonly unknown[], Row> {
  run(reader: Reader, ...parameters: Parameters): Promise<Row[]>;
}

export function sqlFile<Parameters extends readonly unknown[], Row>(
  folder: string,
  name: string,
): Statement<Parameters, Row> {
  const text = readFileSync(join(folder, name), 'utf8');
  return { run: (reader, ...parameters) => reader.query<Row>(text, parameters) };
}
