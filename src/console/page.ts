/** What a handler of the console answers: a page, a way to another one, or a file. The interceptor makes it HTTP. */
import type { Readable } from 'node:stream';
import { type FieldFault, Refusal } from '../kernel/refusal';

/** A template below `src/console`, and what it shows. */
export class Page {
  constructor(
    readonly template: string,
    readonly data: Readonly<Record<string, unknown>> = {},
    readonly status = 200,
  ) {}
}

/** Always inside the console, and always by GET. */
export class GoTo {
  constructor(
    readonly path: `/console${string}`,
    /** A new token of the session; an empty one takes it away. */
    readonly token?: string,
  ) {}
}

export class Download {
  constructor(
    readonly fileName: string,
    readonly type: string,
    readonly body: Buffer | Readable,
  ) {}
}

export interface ShownFault {
  readonly code: string;
  readonly detail: string;
  /** Where several are told at once, each with its place. */
  readonly fields: readonly FieldFault[];
}

/** What a form shows over itself after a refusal. Anything but a refusal is thrown on. */
export function faultOf(fault: unknown): ShownFault {
  if (!(fault instanceof Refusal)) throw fault;
  return { code: fault.code, detail: fault.detail, fields: fault.more.fields ?? [] };
}

/** The fields of a form or of a query, each at most once, without white space around. */
export function fieldsOf(source: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries((source ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [],
    ),
  );
}

/** The number of a row as it stands in an address; undefined for anything that is none. */
export function idOf(text: string | undefined): bigint | undefined {
  return /^\d{1,18}$/.test(text ?? '') ? BigInt(text ?? '') : undefined;
}
