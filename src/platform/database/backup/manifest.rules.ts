/**
 * The manifest of a backup: what it holds, of which schema, and the digest of each file; and the order in which tables can
 * be filled so that what a row refers to is there before it. Pure.
 */
import { Refusal } from '../../../kernel/refusal';

export interface TableFacts {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface SavedTable extends TableFacts {
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  /** Of the compressed file, 64 hexadecimal digits. */
  readonly sha256: string;
}

export interface SavedSequence {
  readonly name: string;
  /** Null when no number was drawn yet. */
  readonly lastValue: string | null;
}

export interface Manifest {
  readonly format: 1;
  readonly madeAt: string;
  readonly serverVersion: string;
  /** Names of the migrations that make the schema, in order. */
  readonly migrations: readonly string[];
  /** First days of the months that have partitions of their own. */
  readonly months: readonly string[];
  readonly tables: readonly SavedTable[];
  readonly sequences: readonly SavedSequence[];
}

export const manifestFile = 'manifest.json';
export const manifestFormat = 1;

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function areRecords(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
}

function isSavedTable(table: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof table['name'] === 'string' &&
    areTexts(table['columns']) &&
    // A file of the backup itself: no path leads out of its folder.
    /^[a-z0-9_]+\.copy\.gz$/.test(String(table['file'])) &&
    Number.isSafeInteger(table['rows']) &&
    Number.isSafeInteger(table['bytes']) &&
    /^[0-9a-f]{64}$/.test(String(table['sha256']))
  );
}

function isSavedSequence(sequence: Readonly<Record<string, unknown>>): boolean {
  const { name, lastValue } = sequence;
  return (
    typeof name === 'string' &&
    (lastValue === null || (typeof lastValue === 'string' && /^\d{1,19}$/.test(lastValue)))
  );
}

/** Refuses: backup.manifest-malformed. */
export function readManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const found = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  const { format, tables, sequences } = found;
  if (
    format !== manifestFormat ||
    typeof found['madeAt'] !== 'string' ||
    typeof found['serverVersion'] !== 'string' ||
    !areTexts(found['migrations']) ||
    !areTexts(found['months']) ||
    !areRecords(tables) ||
    !tables.every(isSavedTable) ||
    !areRecords(sequences) ||
    !sequences.every(isSavedSequence)
  ) {
    throw new Refusal(
      'backup.manifest-malformed',
      `${manifestFile} is not the manifest of a backup that this version reads`,
    );
  }
  return value as Manifest;
}

export interface Reference {
  readonly from: string;
  readonly to: string;
}

/** Tables after all that they refer to. References that are checked at the commit, and those to itself, do not count. */
export function fillOrder(
  tables: readonly string[],
  references: readonly Reference[],
): readonly string[] {
  const order: string[] = [];
  const left = new Set(tables);
  while (left.size > 0) {
    const ready = [...left].filter((table) =>
      references.every(({ from, to }) => from !== table || to === table || !left.has(to)),
    );
    if (ready.length === 0) {
      throw new Error(`the tables ${[...left].join(', ')} refer to each other in a circle`);
    }
    for (const table of ready) {
      order.push(table);
      left.delete(table);
    }
  }
  return order;
}
