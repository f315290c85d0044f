/**
 * Ids that others choose and we repeat. In generation 4 they stand first in what we sign with SHA-1, so they are
 * printable ASCII of at most 100 characters, which leaves no room for a collision block (SIG-16, rulings.md §3).
 */
export function isWireId(text: string): boolean {
  return /^[\x21-\x7e]{1,100}$/.test(text);
}

/** An id as it may be repeated: exact when it is one, else cut and with a question mark for each odd character. */
export function wireId(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}
