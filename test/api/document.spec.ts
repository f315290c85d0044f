/**
 * The OpenAPI document: valid, complete, and fit to make a client from. What it says of the running server is held
 * against the server by contract.spec.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { buildDocument } from '../../src/api/document';
import { projectRoot } from '../../src/installation';
import { TestGateway } from '../support/gateway';
import { ask } from './support';

type Document = ReturnType<typeof buildDocument>;
interface Words {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: string[];
  readonly parameters?: { name: string; in: string }[];
  readonly requestBody?: object;
  readonly responses: Record<string, { content?: Record<string, object> }>;
}

let gateway: TestGateway;
let document: Document;
let operations: { readonly name: string; readonly method: string; readonly words: Words }[];

beforeAll(async () => {
  gateway = await TestGateway.start();
  document = buildDocument(gateway.app);
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Words>).map(([method, words]) => ({
      name: `${method} ${path}`,
      method,
      words,
    })),
  );
});
afterAll(() => gateway.stop());

/** The commands of packages are run, since they are ES modules, which a test cannot load. */
function run(command: string, ...words: readonly string[]): void {
  const done = spawnSync(process.execPath, [join(projectRoot, 'node_modules', command), ...words], {
    encoding: 'utf8',
  });
  const said = done.status === 0 ? '' : done.stdout + done.stderr;
  expect({ status: done.status, said }).toEqual({ status: 0, said: '' });
}

function inFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'malipo-openapi-'));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('is served, with a page that loads nothing from elsewhere', async () => {
  const served = await ask(gateway.url, '/docs/openapi.json');
  expect(served.json).toEqual(JSON.parse(JSON.stringify(document)));
  const page = await ask(gateway.url, '/docs');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
  expect(loaded.filter((url) => !url.startsWith('/docs/') && url !== 'data:,')).toEqual([]);
  for (const url of loaded.filter((each) => each.startsWith('/')))
    expect((await ask(gateway.url, url)).status).toBe(200);
});

it('is a valid document of OpenAPI 3.1', () => {
  inFolder((folder) => {
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document));
    run(
      '@seriousme/openapi-schema-validator/bin/validate-api-cli.js',
      join(folder, 'openapi.json'),
    );
  });
  expect(document.openapi).toBe('3.1.0');
});

it('lists only operations below /v1, each with its own name, words, key and refusals', () => {
  const ids = operations.map(({ words }) => words.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const poor = operations.filter(
    ({ name, words }) =>
      !name.includes(' /v1/') ||
      !/^[a-z][A-Za-z]+$/.test(words.operationId ?? '') ||
      (words.summary ?? '').length < 8 ||
      words.tags?.length !== 1 ||
      !('401' in words.responses && '403' in words.responses && '429' in words.responses),
  );
  expect(poor.map(({ name }) => name)).toEqual([]);
  expect(operations.length).toBeGreaterThanOrEqual(4);
});

it('asks for an Idempotency-Key on every POST and nowhere else', () => {
  const asks = (words: Words) =>
    words.parameters?.some(({ name }) => name === 'Idempotency-Key') === true;
  expect(
    operations
      .filter(({ method, words }) => (method === 'post') !== asks(words))
      .map(({ name }) => name),
  ).toEqual([]);
});

it('has an example or a reference for every property, and no property without a type', () => {
  const schemas = document.components?.schemas ?? {};
  const poor = Object.entries(schemas).flatMap(([name, schema]) =>
    Object.entries((schema as { properties?: Record<string, object> }).properties ?? {})
      .filter(
        ([, property]) =>
          !('type' in property || '$ref' in property || 'allOf' in property) ||
          !(
            'example' in property ||
            '$ref' in property ||
            'allOf' in property ||
            'items' in property ||
            'description' in property
          ),
      )
      .map(([property]) => `${name}.${property}`),
  );
  expect(poor).toEqual([]);
});

interface Described {
  readonly description?: string;
  readonly content?: Record<string, { schema?: Ref; example?: { code?: string } }>;
}
interface Ref {
  readonly $ref?: string;
  readonly type?: string;
}

/** Whether a schema says something: a type of its own, or a name that the document has. */
function isThere({ $ref, type }: Ref = {}): boolean {
  const name = $ref?.replace('#/components/schemas/', '');
  return name === undefined ? type !== undefined : name in (document.components?.schemas ?? {});
}

it('has a schema for every body and answer, and codes with an example for every refusal', () => {
  const poor = operations.flatMap(({ name, words }) => {
    const responses = Object.entries(words.responses as Record<string, Described>);
    const answers = responses.filter(([status]) => Number(status) < 300 && status !== '204');
    const refusals = responses.filter(([status]) => Number(status) >= 400);
    const bodies = (words.requestBody as Described | undefined)?.content;
    const codesOf = (text = ''): string[] =>
      [...text.matchAll(/`([a-z0-9-]+\.[a-z0-9-]+)`/g)].map(([, code]) => code ?? '');
    const hasSchemas = (content: Described['content'] = {}): boolean =>
      Object.keys(content).length > 0 &&
      Object.values(content).every(({ schema }) => isThere(schema));
    return [
      ...(bodies === undefined || hasSchemas(bodies) ? [] : [`${name}: body`]),
      ...(answers.length + Number('204' in words.responses) === 1 ? [] : [`${name}: answers`]),
      ...answers.filter(([, { content }]) => !hasSchemas(content)).map(([at]) => `${name}: ${at}`),
      ...refusals
        .filter(([, { description, content }]) => {
          const problem = content?.['application/problem+json'];
          const codes = codesOf(description);
          return !isThere(problem?.schema) || !codes.includes(problem?.example?.code ?? '');
        })
        .map(([status]) => `${name}: ${status}`),
    ];
  });
  expect(poor).toEqual([]);
});

it('has an example for all that a body must hold', () => {
  interface Schema {
    required?: string[];
    properties?: Record<string, Ref & object>;
  }
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  const poor = Object.entries(schemas)
    .filter(([name]) => /(?:Input|Change)$/.test(name))
    .flatMap(([name, { required = [], properties = {} }]) =>
      required
        .filter((each) => {
          const property = properties[each] ?? {};
          return !(
            'example' in property ||
            '$ref' in property ||
            'items' in property ||
            'allOf' in property
          );
        })
        .map((each) => `${name}.${each}`),
    );
  expect(poor).toEqual([]);
});

it('makes types that a client compiles with', () => {
  inFolder((folder) => {
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document));
    run(
      'openapi-typescript/bin/cli.js',
      join(folder, 'openapi.json'),
      '-o',
      join(folder, 'api.ts'),
    );
    writeFileSync(
      join(folder, 'client.ts'),
      `import type { components, operations } from './api';
       const bill: components['schemas']['BillInput'] = {
         billId: 'A', amount: '1.00', currency: 'TZS', paymentOption: 'exact', description: 'd',
         generatedAt: 't', expiresAt: 't', payer: { id: 'p', name: 'n' }, items: [{ gfsCode: '1', amount: '1.00' }],
       };
       type Got = operations['getBill']['responses'][200]['content']['application/json'];
       export const limit = (got: Got): string | null => got.limitAmount;
       // @ts-expect-error an amount is a text
       export const wrong: typeof bill = { ...bill, amount: 1 };
       export type Refused = operations['getBill']['responses'][404]['content']['application/problem+json']['code'];`,
    );
    const program = ts.createProgram([join(folder, 'client.ts')], {
      strict: true,
      noEmit: true,
      types: [],
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    });
    const faults = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    expect(faults).toEqual([]);
  });
});
