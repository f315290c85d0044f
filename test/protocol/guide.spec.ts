/**
 * The integration guides are executed: their examples are read by our own reader or held against the published schemas,
 * their signatures are made again with the sandbox keys, their shell blocks run against a gateway and print what the
 * `text` block after them says, and their tables are those of the code.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openEnvelope } from '../../src/gepg/envelope';
import { operations } from '../../src/gepg/operations';
import { checkShape } from '../../src/gepg/shape';
import { digestOf } from '../../src/gepg/signer';
import { projectRoot } from '../../src/installation';
import { readPartyFile } from '../../src/parties/party-file.rules';
import { makeSandboxKeys } from '../../src/sandbox-keys';
import { signBytes } from '../../src/platform/crypto/signature';
import { sampleKeystore } from '../../tools/sandbox/sample-keys';
import { TestGateway } from '../support/gateway';
import { readSchema } from '../support/schema-shape';
import { SchemaValidator } from '../support/schema-validator';
import { hasTool } from '../support/tools';

const schemas = ['gepg-v4.xsd', 'gepg-v5.xsd', 'malipo-psp-v5.xsd'].map((file) => ({
  file,
  ...readSchema(file),
}));
const inbound = operations.flatMap(({ messages, partyKind }) =>
  messages.map(({ shape }) => ({ shape, partyKind })),
);
const signers = { 'service-provider': 'SP70101', 'payment-service-provider': 'PSP701' } as const;
const limits = { maxElements: 2_000, maxDepth: 16 };

interface Example {
  readonly name: string;
  readonly xml: string;
}

const guides = (
  [
    ['integration-institution.md', 'service-provider'],
    ['integration-psp.md', 'payment-service-provider'],
  ] as const
).map(([file, partyKind]) => {
  const text = readFileSync(join(projectRoot, 'docs', file), 'utf8');
  const examples: Example[] = [...text.matchAll(/^```xml\n(.*?)\n```$/gms)].map(([, xml = '']) => ({
    name: /<(?!Gepg>)(\w+)>/.exec(xml)?.[1] ?? 'none',
    xml,
  }));
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$(?:\n+^```text\n(.*?)^```$)?/gms)].map(
    ([, code = '', prints]) => ({ code, prints }),
  );
  return {
    file,
    partyKind,
    text,
    tables: text.split('\n').filter((line) => line.startsWith('|')),
    bodies: examples.filter(({ xml }) => xml.startsWith('<Gepg>')),
    elements: examples.filter(({ xml }) => !xml.startsWith('<Gepg>')),
    blocks,
  };
});

/** What our own reader does not know of a message that we take; it throws for what it refuses. */
function unknownIn(body: string): readonly string[] {
  const { root } = openEnvelope(Buffer.from(body), limits);
  const kind = inbound.find(({ shape }) => shape.name === root.name);
  return kind === undefined ? [] : checkShape(root, kind.shape).unknownElements;
}

let validator: SchemaValidator;
beforeAll(() => {
  validator = new SchemaValidator();
});
afterAll(() => validator.stop());

describe.each(guides)('the examples of $file', ({ elements, bodies, blocks, partyKind }) => {
  it.each(elements)('are messages as the schema has them: $name', async ({ name, xml }) => {
    const schema = schemas.find(({ shapes }) => name in shapes)?.file ?? 'none';
    expect(await validator.faults(schema, xml)).toEqual([]);
    expect(unknownIn(`<Gepg>${xml}</Gepg>`)).toEqual([]);
  });

  it.each(bodies)('are signed as printed: $name', ({ xml }) => {
    const { candidates, signature, generation } = openEnvelope(Buffer.from(xml), limits);
    const [element] = candidates;
    if (signature === undefined) throw new Error('not signed');
    const { privateKey } = sampleKeystore(signers[partyKind]);
    const made = signBytes(element.bytes, privateKey, digestOf[generation]);
    expect(signature.toString('base64')).toBe(made.toString('base64'));
    expect(unknownIn(xml)).toEqual([]);
    // The same bytes and signature stand in the block that is run.
    const [signing] = blocks;
    expect(signing?.code).toContain(`'${element.bytes.toString()}'`);
    expect(signing?.prints?.split('\n')).toContain(made.toString('base64'));
  });

  it('are all there', () => {
    expect(bodies.map(({ xml }) => openEnvelope(Buffer.from(xml), limits).generation)).toEqual([
      'v4',
      'v5',
    ]);
    const shown = elements.map(({ name }) => name);
    const taken = inbound.filter((each) => each.partyKind === partyKind);
    expect(taken.map(({ shape }) => shape.name).filter((name) => !shown.includes(name))).toEqual(
      [],
    );
  });
});

it('names every message of the schemas in one of the guides', () => {
  const both = guides.map(({ text }) => text).join('\n');
  const names = schemas.flatMap(({ received, sent, exchanged }) => [
    ...received,
    ...sent,
    ...exchanged,
  ]);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(both))).toEqual([]);
});

describe.each(guides)('the tables of $file', ({ tables, text, partyKind }) => {
  const pathsIn = (part: string): string[] => [...new Set(part.match(/\/api\/[\w/-]+/g) ?? [])];

  it('have the paths of the code, and no other stands in the text', () => {
    const own = operations.filter((each) => each.partyKind === partyKind).map(({ path }) => path);
    expect(pathsIn(tables.join('\n')).sort()).toEqual([...own].sort());
    const all = operations.map(({ path }) => path);
    expect(pathsIn(text).filter((path) => !all.includes(path))).toEqual([]);
  });

  it('and the text name every setting of the profile, with its default', () => {
    const { profile } = readPartyFile({
      kind: 'service-provider',
      code: 'SP1',
      name: 'Mfano',
      certificates: ['one.pem'],
    });
    const rows = new Map(
      tables.map((line) => line.split('|').map((cell) => cell.trim())).map((row) => [row[1], row]),
    );
    for (const [name, value] of Object.entries(profile) as [string, string | boolean | object][]) {
      const row = rows.get(`\`${name}\``);
      if (row === undefined) expect(text).toContain(`\`${name}\``);
      else if (typeof value !== 'object') expect(row[2]).toBe(`\`${String(value)}\``);
    }
  });
});

it('has every setting in one of the two tables', () => {
  const both = guides.flatMap(({ tables }) => tables).join('\n');
  const { profile } = readPartyFile({
    kind: 'service-provider',
    code: 'SP1',
    name: 'Mfano',
    certificates: ['one.pem'],
  });
  expect(Object.keys(profile).filter((name) => !both.includes(`| \`${name}\` |`))).toEqual([]);
});

const tools = ['curl', 'openssl', 'base64', 'sed', 'grep', 'tr', 'cut'];
const missing = tools.filter((tool) => !hasTool(tool));
const walk = missing.length === 0 ? describe : describe.skip;
if (missing.length > 0)
  process.stderr.write(`guide.spec: no ${missing.join(', ')} on this machine; commands skipped\n`);

walk.each(guides)('the commands of $file', ({ blocks }) => {
  let gateway: TestGateway;
  let folder: string;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    await gateway.setClock('2026-11-24T08:00:00Z');
    for (const code of ['SP70101', 'PSP701']) await gateway.party(code);
    folder = mkdtempSync(join(tmpdir(), 'malipo-guide-'));
    mkdirSync(join(folder, '.data'));
    await makeSandboxKeys(gateway.app, join(folder, '.data'));
    symlinkSync(join(projectRoot, 'certs-sample'), join(folder, 'certs-sample'));
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await gateway.stop();
  });

  it('print what it says, in order', async () => {
    for (const { code, prints } of blocks) {
      const here = code.replaceAll('http://127.0.0.1:3000', gateway.url);
      const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', here], {
        cwd: folder,
      });
      expect({ code, stdout }).toEqual({ code, stdout: prints });
    }
    expect(blocks.filter(({ code }) => code.includes('curl')).length).toBeGreaterThanOrEqual(4);
  });
});
