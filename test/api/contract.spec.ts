/**
 * Every operation of the document is called on a running server: its answer is held against the schema that the document
 * names for it. Then each is fuzzed from its schema, with a fixed seed: nothing is ever 5xx.
 */
import { randomUUID } from 'node:crypto';
import type { OpenAPIObject } from '@nestjs/swagger';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { buildDocument } from '../../src/api/document';
import { TestGateway } from '../support/gateway';
import { call, isOfPsps, type Operation, operationsOf, type PathValues } from './operations';
import { playStage, type Stage } from './stage';
import { ask, bill, type Reply } from './support';

let gateway: TestGateway;
let document: OpenAPIObject;
let operations: readonly Operation[];
let ajv: Ajv2020;
let keys: Stage['keys'];
let own: PathValues;

beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ keys, own } = await playStage(gateway));
  document = buildDocument(gateway.app);
  operations = operationsOf(document);
  ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(document, 'document');
});
afterAll(() => gateway.stop({ unsigned: true }));

/** The path of a schema of the document, for ajv. */
function faultsOf(schema: object, value: unknown): unknown {
  const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
  const check = ajv.compile(JSON.parse(text) as object);
  return check(value) ? [] : check.errors;
}

const keyFor = ({ scope }: Operation): string => (isOfPsps(scope) ? keys.psp : keys.sp);

/** What is sent to operations that take a body, by the name of their function in a client. */
const bodies: Readonly<Record<string, () => unknown>> = {
  submitBill: () => bill(randomUUID()),
  submitBills: () => ({ bills: [bill(randomUUID()), bill(randomUUID(), { amount: '1.00' })] }),
  changeBill: () => ({ expiresAt: '2028-06-30T23:59:59+03:00' }),
  cancelBill: () => ({ reason: 'paid in another way' }),
  acknowledgeEvents: () => ({ sequence: 0 }),
  addWebhookEndpoint: () => ({ url: 'https://fees.example.go.tz/more', eventTypes: [] }),
  changeWebhookEndpoint: () => ({ eventTypes: ['payment.confirmed'], state: 'off' }),
  resendDeliveries: () => ({ events: { from: 1, to: 2 } }),
  openStatement: () => ({ day: '2026-11-23' }),
  putStatementPage: () => ({
    lines: [
      {
        transactionId: 'TX-1',
        controlNumber: '997010000008',
        amount: '150000.00',
        currency: 'TZS',
        paidAt: '2026-11-24T10:00:00+03:00',
      },
    ],
  }),
  publishStatement: () => ({ lineCount: 1, totals: [{ currency: 'TZS', amount: '150000.00' }] }),
  requestReversal: () => ({ transactionId: 'TX-1', reason: 'wrong-number', note: 'a mistake' }),
};

/** Operations of other features have their own specs, with the bodies that they take. */
const walked = (): readonly Operation[] =>
  operations.filter(
    ({ id, body, takesFile }) => !takesFile && (body === undefined || id in bodies),
  );

function wordsFor({ responses }: Operation, { status, headers }: Reply): object | undefined {
  const media = (headers.get('content-type') ?? '').split(';')[0] ?? '';
  return responses[String(status)]?.content?.[media]?.schema;
}

it('every operation answers as the document says', async () => {
  const order = (id: string): number => (/^(?:cancel|remove)/.test(id) ? 1 : 0);
  const wrong: unknown[] = [];
  for (const operation of [...walked()].sort((a, b) => order(a.id) - order(b.id))) {
    const body = bodies[operation.id]?.();
    const reply = await call(gateway.url, operation, {
      key: keyFor(operation),
      path: own,
      ...(body === undefined ? {} : { body }),
    });
    const schema = wordsFor(operation, reply);
    if (reply.status === 204) continue;
    if (reply.status >= 300 || schema === undefined)
      wrong.push([operation.id, reply.status, reply.text]);
    else if (reply.json !== undefined) {
      const faults = faultsOf(schema, reply.json);
      if ((faults as unknown[]).length > 0) wrong.push([operation.id, faults]);
    }
  }
  expect(wrong).toEqual([]);
});

it('every operation needs a key, and one of its own kind', async () => {
  const wrong: unknown[] = [];
  for (const operation of operations) {
    const none = await ask(gateway.url, operation.path, { method: operation.method });
    const foreign = await call(gateway.url, operation, {
      key: keyFor(operation) === keys.psp ? keys.otherSp : keys.psp,
      path: own,
    });
    const isShared =
      foreign.status !== 403 && /^(?:deliveries|events|webhooks):/.test(operation.scope);
    if (none.status !== 401 || !(foreign.status === 403 || isShared))
      wrong.push([operation.id, none.status, foreign.status]);
  }
  expect(wrong).toEqual([]);
});

describe('fuzz', () => {
  const odd = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      '',
      '0',
      '-1',
      '9'.repeat(30),
      '1e9',
      'null',
      '\u0000',
      "' or 1=1 --",
      '../..',
      '%00',
      '2026-13-45',
      'Ⅷ',
    ),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string({ maxLength: 3 }), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 3 }), { maxKeys: 3 }),
  );

  /** A good body with one or two of its places made odd, at any depth. */
  function spoilt(value: unknown): fc.Arbitrary<unknown> {
    const places: (readonly (string | number)[])[] = [];
    const walk = (each: unknown, at: readonly (string | number)[]): void => {
      places.push(at);
      if (typeof each !== 'object' || each === null) return;
      for (const [name, inner] of Object.entries(each)) walk(inner, [...at, name]);
    };
    walk(value, []);
    return fc
      .array(fc.tuple(fc.constantFrom(...places), odd), { minLength: 1, maxLength: 2 })
      .map((changes) => changes.reduce<unknown>((now, [at, put]) => placed(now, at, put), value));
  }

  function placed(
    value: unknown,
    [name, ...rest]: readonly (string | number)[],
    put: unknown,
  ): unknown {
    if (name === undefined) return put;
    if (typeof value !== 'object' || value === null) return put;
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<
      string | number,
      unknown
    >;
    copy[name] = placed(copy[name], rest, put);
    return copy;
  }

  const text = (value: unknown): string =>
    typeof value === 'string' ? value : JSON.stringify(value);

  it('never makes a fault of the gateway', async () => {
    const bad: unknown[] = [];
    let count = 0;
    for (const operation of operations) {
      const good = bodies[operation.id]?.() ?? {};
      const names = Object.keys(own);
      const queries = operation.parameters.filter((each) => each.in === 'query');
      const inputs = fc.record({
        path: fc.record(
          Object.fromEntries(
            names.map((name) => [name, fc.oneof(fc.constant(own[name] ?? ''), odd.map(text))]),
          ),
        ),
        query: fc.array(
          fc.tuple(
            fc.constantFrom(...(queries.length > 0 ? queries.map(({ name }) => name) : ['x'])),
            odd.map(text),
          ),
          { maxLength: 3 },
        ),
        body: fc.oneof({ weight: 4, arbitrary: spoilt(good) }, odd, fc.json()),
      });
      for (const { path, query, body } of fc.sample(inputs, { numRuns: 25, seed: 20261124 })) {
        const search = new URLSearchParams(query).toString();
        const reply = await call(gateway.url, operation, {
          key: keyFor(operation),
          path,
          query: search === '' || operation.body !== undefined ? '' : `?${search}`,
          ...(operation.body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        count += 1;
        if (reply.status >= 500) bad.push([operation.id, path, search, body, reply.text]);
      }
    }
    expect(bad).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(25 * operations.length);
  }, 120_000);
});
