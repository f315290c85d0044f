/**
 * The wire, written down: each file below golden/ is what the code reads or writes, byte for byte. A difference is a
 * change of the published protocol; tools/write-golden.ts makes it on purpose. What clients cut and compare in our
 * messages holds for every one of them: SIG-15 and SIG-16 of the security design, gepg-protocol.md §2.3.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { openEnvelope } from '../../src/gepg/envelope';
import { operations } from '../../src/gepg/operations';
import { digestOf } from '../../src/gepg/signer';
import { isSignedBy } from '../../src/platform/crypto/signature';
import {
  type AcknowledgementCase,
  goldenCases,
  goldenFolder,
  readJson,
  type RequestCase,
  type SentCase,
} from '../../tools/wire/golden-case';
import {
  readAcknowledgement,
  readRequest,
  renderSent,
  replyTo,
  signRequest,
} from '../../tools/wire/render-golden';
import { sampleKeystore } from '../../tools/sandbox/sample-keys';
import { readSchema } from '../support/schema-shape';
import { SchemaValidator } from '../support/schema-validator';

const schemas = ['gepg-v4.xsd', 'gepg-v5.xsd', 'malipo-psp-v5.xsd'].map((file) => ({
  file,
  ...readSchema(file),
}));
const schemaOf = (message: string): string =>
  schemas.find(({ shapes }) => message in shapes)?.file ?? 'none';

const all = goldenCases().map((each) => ({ ...each, name: relative(goldenFolder, each.path) }));
const requests = all.filter(({ direction }) => direction === 'request');
const sent = all.filter(({ direction }) => direction === 'sent');
const acknowledgements = all.filter(({ direction }) => direction === 'acknowledgement');
const read = (path: string): string => readFileSync(path, 'utf8');

/** Everything that the gateway sends, whatever made it. */
const emitted = [
  ...requests.map(({ name, path }) => ({
    name: `${name}.reply.xml`,
    xml: read(`${path}.reply.xml`),
  })),
  ...sent.map(({ name, path }) => ({ name: `${name}.xml`, xml: read(`${path}.xml`) })),
].map((each) => ({ ...each, message: /^<Gepg><(\w+)>/.exec(each.xml)?.[1] ?? 'none' }));

let validator: SchemaValidator;
beforeAll(() => {
  validator = new SchemaValidator();
});
afterAll(() => validator.stop());

describe('a request', () => {
  it.each(requests)('is read and answered as written: $name', ({ path }) => {
    const body = readFileSync(`${path}.request.xml`);
    const golden = readJson(`${path}.command.json`) as RequestCase;
    // Through JSON, where an absent field and an undefined one are the same.
    expect(JSON.parse(JSON.stringify(readRequest(body, golden)))).toEqual(golden);
    expect(replyTo(body, golden).toString()).toBe(read(`${path}.reply.xml`));
    expect(signRequest(body, golden)).toEqual(body);
  });

  /** Cases of what a sender should not write, and what the gateway does all the same. */
  const odd = /\/(?:odd|own)-[a-z-]+$/;

  it.each(requests)(
    'is what its schema says: $name',
    async ({ name, message, path, direction }) => {
      expect(direction).toBe('request');
      const faults = await validator.faults(schemaOf(message), read(`${path}.request.xml`));
      if (odd.test(name)) expect(faults).not.toEqual([]);
      else expect(faults).toEqual([]);
    },
  );
});

describe('a message that we send', () => {
  it.each(sent)('is made as written: $name', ({ path }) => {
    expect(renderSent(readJson(`${path}.json`) as SentCase).toString()).toBe(read(`${path}.xml`));
  });
});

describe('an acknowledgement', () => {
  it.each(acknowledgements)(
    'counts as written, and its schema knows it: $name',
    async ({ message, path }) => {
      const golden = readJson(`${path}.json`) as AcknowledgementCase;
      expect(readAcknowledgement(readFileSync(`${path}.xml`), golden)).toEqual(golden);
      const faults = await validator.faults(schemaOf(message), read(`${path}.xml`));
      expect(
        faults.filter((fault) => !/not accepted by the pattern|No precomputed/.test(fault)),
      ).toEqual([]);
    },
  );
});

describe('every document that we emit', () => {
  const occurrences = (text: string, part: string): number => text.split(part).length - 1;
  const { publicKey } = sampleKeystore('gateway').certificate;

  it.each(emitted)('is valid: $name', async ({ message, xml }) => {
    const schema = schemas.find(({ file }) => file === schemaOf(message));
    expect([...(schema?.sent ?? []), ...(schema?.exchanged ?? [])]).toContain(message);
    expect(await validator.faults(schemaOf(message), xml)).toEqual([]);
  });

  it.each(emitted)('is cut right by clients that search for names: $name', ({ message, xml }) => {
    const signature = message.startsWith('gepg') ? 'gepgSignature' : 'signature';
    expect(occurrences(xml, message)).toBe(2);
    expect(occurrences(xml, signature)).toBe(2);
    expect(xml.startsWith(`<Gepg><${message}>`)).toBe(true);
    expect(xml).toContain(`</${message}><${signature}>`);
    expect(xml.endsWith(`</${signature}></Gepg>`)).toBe(true);
  });

  it.each(emitted)('is plain tags and text on one line: $name', ({ xml }) => {
    const tags = xml.match(/<[^>]*>/g) ?? [];
    expect(tags.filter((tag) => !/^<\/?[A-Za-z0-9]+>$/.test(tag))).toEqual([]);
    expect(xml).not.toMatch(/[\r\n]/);
  });

  it.each(emitted)('is signed over its message element: $name', ({ xml }) => {
    const { candidates, signature, generation } = openEnvelope(Buffer.from(xml), {
      maxElements: 2_000,
      maxDepth: 16,
    });
    const [element] = candidates;
    const isSigned =
      signature !== undefined &&
      isSignedBy(element.bytes, signature, publicKey, digestOf[generation]);
    expect({ isSigned, count: candidates.length }).toEqual({ isSigned: true, count: 1 });
  });

  /** Ids of ours are made from one prefix in these files; a number of ours is as good. */
  const ours = /^0199f0a0-0000-7000-8000-[0-9a-f]{12}$/;

  it.each(emitted)(
    'lets nobody else choose the bytes it begins with: $name',
    ({ message, xml }) => {
      const first = /<(\w+)>([^<]*)<\/\1>/.exec(xml)?.[2] ?? '';
      // The only message of generation 5 whose published order has the sender's id first.
      if (message.startsWith('gepg') || message === 'billPushToPayReqAck') {
        expect(first).toMatch(/^[\x20-\x7e]{1,120}$/);
      } else expect(first).toMatch(ours);
    },
  );
});

describe('the golden files', () => {
  const folders = new Set(all.map(({ message }) => message));

  it('hold every message that the schemas describe', () => {
    const made = new Set(emitted.map(({ message }) => message));
    const lacking = schemas.flatMap(({ received, sent: ofSchema, exchanged }) => [
      ...[...received, ...exchanged].filter((name) => !folders.has(name)),
      ...[...ofSchema, ...exchanged].filter((name) => !made.has(name)),
    ]);
    expect(lacking).toEqual([]);
  });

  it('hold every message and every kind of operation', () => {
    const paths = requests.map(
      ({ path }) => (readJson(`${path}.command.json`) as RequestCase).path,
    );
    const used = operations.filter(({ path }) => paths.includes(path)).map(({ name }) => name);
    const names = operations.flatMap(({ messages }) => messages.map(({ shape }) => shape.name));
    expect(names.filter((name) => !folders.has(name))).toEqual([]);
    expect(operations.filter(({ name }) => !used.includes(name))).toEqual([]);
  });

  const wanted = [
    [/./, 'plain'],
    [/<(?:\w*(?:PyrName|DptName|CustName|Reasn|Rsv1)|BillCtrNum)>/, 'empty'],
    [/<\w*(?:Name|Reasn|BillDesc)>/, 'non-ascii'],
    [/<\w*(?:Name|Reasn|BillDesc)>/, 'tag-like'],
    [/<C[Cc]y>/, 'usd'],
  ] as const;

  it('hold plain, empty, non-ASCII, tag-like and USD cases of every message that has room for them', () => {
    const lacking = [...folders].flatMap((folder) => {
      const cases = all.filter(({ message }) => message === folder);
      const texts = cases.map(({ path, direction }) =>
        read(direction === 'request' ? `${path}.request.xml` : `${path}.xml`),
      );
      return wanted
        .filter(([element]) => texts.some((text) => element.test(text)))
        .filter(([, name]) => !cases.some(({ path }) => path.endsWith(`/${name}`)))
        .map(([, name]) => `${folder}/${name}`);
    });
    expect(lacking).toEqual([]);
  });

  it('hold several parts where a message may have them', () => {
    const mayRepeat = (tree: object): boolean =>
      Object.values(tree).some(
        (field: string | { many?: true; fields: object }) =>
          field === 'leaves' ||
          (typeof field === 'object' && (field.many === true || mayRepeat(field.fields))),
      );
    const repeating = schemas.flatMap(({ shapes }) =>
      Object.entries(shapes).flatMap(([name, tree]) => (mayRepeat(tree) ? [name] : [])),
    );
    const lacking = repeating.filter(
      (name) =>
        folders.has(name) &&
        !all.some((each) => each.message === name && each.path.endsWith('/several')),
    );
    expect(lacking).toEqual([]);
  });
});
