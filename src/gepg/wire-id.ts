/**
 * Ids that others choose and we repeat. In generation 4 they stand first in what we sign with SHA-1, so they are
 * printable ASCII of at most 100 characters, which leaves no room for a collision block (SIG-16, rulings.md §3). An id
 * that holds a protocol name could not be repeated exactly, since clients cut our messages by those names (SIG-15).
 */
import { neutralise } from './xml';

export function isWireId(text: string): boolean {
  return /^[\x21-\x7e]{1,100}$/.test(text) && neutralise(text) === text;
}

/** An id as it may be repeated: exact when it is one, else neutralised, cut, and with a question mark for each odd character. */
export function wireId(text: string): string {
  return neutralise(text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?')).slice(0, 100);
}
