/**
 * An expected "no": a rule of the gateway or bad input, with a stable code and a sentence its reader can act on.
 * Faults of our own are ordinary errors. `kind` decides the HTTP status at the JSON edge; the XML edge maps `code`.
 */
export type RefusalKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'gone'
  | 'unprocessable'
  | 'limited';

export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly kind: RefusalKind = 'malformed',
  ) {
    super(`${code}: ${detail}`);
    this.name = 'Refusal';
  }
}
