/** What every spec of the JSON edge needs: a gateway with its parties, their keys, and requests as a client makes them. */
import { randomUUID } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import { scopesOf } from '../../src/parties/api-key.rules';
import { ChangeApiKeys } from '../../src/parties/change-api-keys';
import { TestGateway } from '../support/gateway';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What the JSON holds; undefined where the answer is none. */
  readonly json: unknown;
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly key?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function ask(
  url: string,
  path: string,
  { method = 'GET', key, body, headers = {} }: Ask = {},
): Promise<Reply> {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { body: isRaw ? new Uint8Array(Buffer.from(body as string)) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as unknown) : undefined,
  };
}

/** A key with every scope that the kind of party may have, or with those given. */
export async function keyOf(
  gateway: TestGateway,
  code: string,
  scopes?: readonly string[],
): Promise<string> {
  const kind = code.startsWith('PSP') ? 'payment-service-provider' : 'service-provider';
  const made = await gateway.app
    .get(ChangeApiKeys, { strict: false })
    .create(code, scopes ?? scopesOf(kind), 30, 'test');
  return made.key;
}

export const today = '2026-11-24T08:00:00Z';

/** A bill that SP70101 may submit. */
export function bill(billId: string, more: object = {}): Record<string, unknown> {
  return {
    billId,
    amount: '150000.00',
    currency: 'TZS',
    paymentOption: 'exact',
    description: 'School fees, term 1',
    generatedAt: '2026-11-24T10:00:00+03:00',
    expiresAt: '2027-12-31T23:59:59+03:00',
    payer: { id: 'STD-0042', name: 'Asha Juma', phone: '0712345678' },
    items: [{ gfsCode: '142202', amount: '150000.00' }],
    subSpCode: '1001',
    ...more,
  };
}

/** The same bill as a row of an upload. */
export function rowOf(billId: string, more: Readonly<Record<string, string>> = {}) {
  return {
    bill_id: billId,
    amount: '150000.00',
    currency: 'TZS',
    payment_option: 'exact',
    description: 'School fees, term 1',
    generated_at: '2026-11-24T10:00:00+03:00',
    expires_at: '2027-12-31T23:59:59+03:00',
    payer_id: 'STD-0042',
    payer_name: 'Asha Juma',
    payer_phone: '0712345678',
    gfs_code: '142202',
    sub_sp_code: '1001',
    ...more,
  };
}

/** A file of rows that have the columns of the first. */
export function csvOf(rows: readonly Readonly<Record<string, string>>[], delimiter = ','): string {
  return stringify([...rows], { header: true, delimiter });
}

export interface ProblemReply {
  readonly code: string;
  readonly detail?: string;
  readonly errors?: readonly { pointer: string; code: string }[];
}

/** The code and the pointers of a refusal. */
export function refusal(reply: Reply | undefined): [number, string, ...string[]] {
  if (reply === undefined) throw new Error('nobody answered');
  const { status, json, headers } = reply;
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const { code, errors = [] } = json as ProblemReply;
  return [status, code, ...errors.map(({ pointer }) => pointer)];
}
