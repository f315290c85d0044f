/**
 * The names of the watched folder (docs/statements.md): `<psp>/` holds day statements, `bank/<account>/` statements of a
 * bank. What a name says of whose file it is, of which day, and whether it is still being written; and the report that lies
 * beside a file that was taken or refused.
 */
import { type BusinessDay, parseBusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';

export const doneFolder = 'done';
export const failedFolder = 'failed';

export type InboxName = 'file' | 'unfinished' | 'odd';

/** Programs that send files write under such names, and rename what is complete. */
const unfinished = /^\.|~$|\.(?:part|partial|filepart|tmp|temp|crdownload|swp)$/i;
const plain = /^[\p{L}\p{N}][\p{L}\p{N} ._,()+=@#&-]{0,149}$/u;

export function nameKind(name: string): InboxName {
  if (unfinished.test(name)) return 'unfinished';
  return plain.test(name) ? 'file' : 'odd';
}

/** A name that a folder may have: of a PSP, or of an account below `bank`. */
export function isPspFolder(name: string): boolean {
  return /^PSP[A-Z0-9]{1,7}$/.test(name);
}

export function isAccountFolder(name: string): boolean {
  return /^[A-Za-z0-9-]{1,50}$/.test(name);
}

/** The one day that a name has as 2026-11-24 or 20261124; undefined where it has none, or several. */
export function dayOfName(name: string): BusinessDay | undefined {
  const found = new Set<BusinessDay>();
  for (const [text] of name.matchAll(/(?<!\d)20\d\d([-_.]?)\d\d\1\d\d(?!\d)/g)) {
    const digits = text.replace(/\D/g, '');
    const day = readDay(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`);
    if (day !== undefined) found.add(day);
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

function readDay(text: string): BusinessDay | undefined {
  try {
    return parseBusinessDay(text);
  } catch (fault) {
    if (fault instanceof Refusal) return undefined;
    throw fault;
  }
}

/** Under which name an odd one is put away. */
export function safeName(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N} ._,()+=@#&-]/gu, '_').replace(/^[^\p{L}\p{N}]+/u, '');
  return safe === '' ? 'file' : Array.from(safe).slice(0, 100).join('');
}

export interface InboxFault {
  /** 0 where the whole file is meant. */
  readonly line: number;
  readonly field: string;
  readonly reason: string;
}

export interface InboxOutcome {
  readonly isTaken: boolean;
  /** What came of it, in a sentence. */
  readonly said: string;
  readonly faults: readonly InboxFault[];
}

/** As a text file: the file, what came of it, and every fault with its line. */
export function reportText(name: string, { said, faults }: InboxOutcome): string {
  const lines = faults.map(({ line, field, reason }) => {
    const place = [line === 0 ? '' : `line ${String(line)}`, field].filter((part) => part !== '');
    return place.length === 0 ? reason : `${place.join(', ')}: ${reason}`;
  });
  return [`file: ${name}`, said, ...lines, ''].join('\n');
}
