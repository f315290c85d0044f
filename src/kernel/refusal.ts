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
  | 'too-large'
  | 'unsupported'
  | 'unprocessable'
  | 'limited';

/** Where in what was sent, and what is wrong there. */
export interface FieldFault {
  /** JSON pointer into the body; `?name` for a part of the query, `{name}` for one of the path; `line 7` of a file. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** What stands in `detail` beside its words, by name, for readers of other languages. */
  readonly values?: Readonly<Record<string, string>>;
}

export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly kind: RefusalKind = 'malformed',
    readonly more: {
      readonly fields?: readonly FieldFault[];
      readonly retryAfterSeconds?: number;
      /** What is told beside code and sentence, by name. */
      readonly members?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = 'Refusal';
  }
}
