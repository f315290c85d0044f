/** The operations of the document, and a request for each: what the tests that walk all of them share. */
import type { OpenAPIObject } from '@nestjs/swagger';
import { unknownNumber } from '../protocol/hostile/attack';
import { ask, type Reply } from './support';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
}

export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly scope: string;
  readonly parameters: readonly Parameter[];
  /** The schema of its body in JSON. */
  readonly body: object | undefined;
  /** Its body is a file: a spec of its own sends one. */
  readonly takesFile: boolean;
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: object }> }>>;
}

interface Words {
  readonly operationId: string;
  readonly description: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Operation['responses'];
}

export function operationsOf(document: OpenAPIObject): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Words>).map(([method, words]) => ({
      id: words.operationId,
      method: method.toUpperCase() as Operation['method'],
      path,
      scope: /Scope: `([^`]+)`/.exec(words.description)?.[1] ?? '',
      parameters: words.parameters ?? [],
      body: words.requestBody?.content['application/json']?.schema,
      takesFile: words.requestBody?.content['text/csv'] !== undefined,
      responses: words.responses,
    })),
  );
}

/** The others are operations of institutions, or of both. */
export function isOfPsps(scope: string): boolean {
  return /enquir|statement|reversal|notif/.test(scope);
}

/** Which values stand in the path; the name of a parameter is its key. */
export type PathValues = Readonly<Record<string, string>>;

export function pathOf({ path }: Operation, values: PathValues): string {
  return path.replace(/\{(\w+)\}/g, (_whole, name: string) =>
    encodeURIComponent(values[name] ?? 'none'),
  );
}

export async function call(
  url: string,
  operation: Operation,
  {
    key,
    path = {},
    query = '',
    body,
    headers = {},
  }: {
    readonly key: string;
    readonly path?: PathValues;
    readonly query?: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<Reply> {
  return ask(url, `${pathOf(operation, path)}${query}`, {
    method: operation.method,
    key,
    headers,
    ...(body === undefined ? {} : { body }),
  });
}

/** Ids that nobody has, for every kind of id that stands in a path. */
export const nobodys: PathValues = {
  billId: 'NOBODYS',
  paymentId: '00000000-0000-7000-8000-000000000000',
  receiptNumber: 'NOBODYS',
  deliveryId: '999999999',
  endpointId: '00000000-0000-7000-8000-000000000001',
  controlNumber: unknownNumber,
  day: '2026-11-24',
  uploadId: '00000000-0000-7000-8000-000000000000',
  transactionId: 'NOBODYS',
  statementId: '00000000-0000-7000-8000-000000000000',
  requestId: '00000000-0000-7000-8000-000000000000',
  page: '1',
  report: 'collections',
};
