/**
 * The spreadsheet of open discrepancies that goes out and comes back: one row each, with a hash of what the officer saw
 * and empty columns for what he decides. A row whose hash is not today's any more is a conflict. Text that a spreadsheet
 * would run as a formula begins with a quote (F8).
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../kernel/canonical-json';

/** What is written into; the other columns are only to be read. Those behind `note` are what single resolutions ask for. */
const answerColumns = [
  'resolution',
  'note',
  'control_number',
  'link_psp',
  'link_day',
  'link_account',
  'refund',
] as const;
export const sheetColumns = [
  'id',
  'row_hash',
  'day',
  'psp',
  'kind',
  'subject',
  'receipt_number',
  'bank_reference',
  'end_to_end_id',
  'their_amount',
  'our_amount',
  'currency',
  'state',
  'owner',
  'age_days',
  'possible',
  ...answerColumns,
] as const;

export interface SheetFacts {
  readonly id: bigint;
  readonly revision: number;
  readonly state: string;
  readonly theirMinor: bigint | null;
  readonly ourMinor: bigint | null;
  readonly currency: string;
}

/** Of what a decision is about; who owns it, and its age, are not. */
export function rowHash(facts: SheetFacts): string {
  const text = canonicalJson({
    id: facts.id.toString(),
    revision: facts.revision,
    state: facts.state,
    theirs: facts.theirMinor?.toString() ?? null,
    ours: facts.ourMinor?.toString() ?? null,
    currency: facts.currency,
  });
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}

export interface SheetRow {
  readonly line: number;
  readonly id: bigint;
  readonly rowHash: string;
  readonly resolution: string;
  /** What the resolution is given; empty cells are left out. */
  readonly input: { readonly note: string } & Readonly<Record<string, string>>;
}

const given = [
  ['control_number', 'controlNumber'],
  ['link_psp', 'psp'],
  ['link_day', 'day'],
  ['link_account', 'account'],
  ['refund', 'refund'],
] as const;

/**
 * The row, what is wrong with it, or undefined where nothing is decided. A sheet of an earlier form has fewer columns, and
 * says as much as it did.
 */
export function readSheetRow(
  line: number,
  cells: Readonly<Record<string, string>>,
): SheetRow | string | undefined {
  const cell = (name: string) => (cells[name] ?? '').trim();
  const resolution = cell('resolution');
  if (resolution === '') return undefined;
  if (!/^\d{1,18}$/.test(cell('id'))) return 'id: wanted the number that was exported';
  if (!/^[0-9a-f]{20}$/.test(cell('row_hash'))) return 'row_hash: wanted what was exported';
  if (!/^\d{0,20}$/.test(cell('control_number'))) return 'control_number: wanted digits';
  return {
    line,
    id: BigInt(cell('id')),
    rowHash: cell('row_hash'),
    resolution,
    input: {
      note: cell('note'),
      ...Object.fromEntries(
        given.flatMap(([column, name]) => (cell(column) === '' ? [] : [[name, cell(column)]])),
      ),
    },
  };
}
