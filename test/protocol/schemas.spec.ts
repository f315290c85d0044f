/**
 * The published schemas: served as they stand, the same messages as the code reads and answers with, and strict where
 * they must be. What the gateway emits is held against them by the golden files.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { operations } from '../../src/gepg/operations';
import { v4MessageNames, v4Shapes } from '../../src/gepg/v4/messages';
import { v5MessageNames, v5Shapes } from '../../src/gepg/v5/messages';
import { projectRoot } from '../../src/installation';
import { TestGateway } from '../support/gateway';
import { readSchema } from '../support/schema-shape';
import { schemaFolder, SchemaValidator } from '../support/schema-validator';

const files = ['gepg-v4.xsd', 'gepg-v5.xsd', 'malipo-psp-v5.xsd'];
const contents = files.map(readSchema);
const [v4, ...v5] = contents;
if (v4 === undefined) throw new Error('no schemas');

const described = {
  v4: v4.shapes,
  v5: Object.assign({}, ...v5.map(({ shapes }) => shapes)) as typeof v4.shapes,
};
const received = contents.flatMap((each) => [...each.received, ...each.exchanged]);
const sent = contents.flatMap((each) => [...each.sent, ...each.exchanged]);

let validator: SchemaValidator;
beforeAll(() => {
  validator = new SchemaValidator();
});
afterAll(() => validator.stop());

describe('what is served', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  it('is every file of docs/wire, byte for byte, as XML', async () => {
    expect(readdirSync(schemaFolder).filter((name) => name.endsWith('.xsd'))).toEqual(files);
    for (const file of files) {
      const answer = await request(`${gateway.url}/wire/${file}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toBe('application/xml');
      expect(Buffer.from(await answer.body.arrayBuffer())).toEqual(
        readFileSync(join(schemaFolder, file)),
      );
    }
  });

  it.each(['gepg-v6.xsd', 'README.md', '..%2f..%2fpackage.json', '%2e%2e%2fwire%2fgepg-v4.xsd'])(
    'is nothing else: %s',
    async (name) => {
      const answer = await request(`${gateway.url}/wire/${name}`);
      expect(answer.statusCode).toBe(404);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      await answer.body.dump();
    },
  );
});

describe('the messages described', () => {
  it.each([
    ...v4Shapes.map((shape) => ['v4', shape] as const),
    ...v5Shapes.map((shape) => ['v5', shape] as const),
  ])('%s: $name has the shape that the code reads', (generation, shape) => {
    expect(received).toContain(shape.name);
    const found = described[generation][shape.name];
    // What both sides send may hold elements that only the gateway sends.
    if (sent.includes(shape.name)) expect(found).toMatchObject(shape.fields);
    else expect(found).toEqual(shape.fields);
  });

  it('are received only where the code reads them', () => {
    const read: string[] = [...v4Shapes, ...v5Shapes].map(({ name }) => name);
    expect(received.filter((name) => !read.includes(name))).toEqual([]);
  });

  it.each(operations)('hold every acknowledgement of $path', ({ messages }) => {
    expect(messages.map(({ ackRoot }) => ackRoot).filter((root) => !sent.includes(root))).toEqual(
      [],
    );
  });

  /** Answers to prepaid bills, which this gateway does not issue: their names are kept out of texts all the same. */
  const notSpoken = ['gepgQuotFinResp', 'gepgQuotFinRespAck', 'gepgPymtResp'];

  it('are all that have a name in the code, and no more', () => {
    const roots = operations.flatMap(({ messages }) => messages.map(({ ackRoot }) => ackRoot));
    const names = [...v4MessageNames, ...v5MessageNames, ...roots].filter(
      (name) => !/^(gepgS|s)ignature$/.test(name) && !notSpoken.includes(name),
    );
    expect([...new Set([...received, ...sent])].sort()).toEqual([...new Set(names)].sort());
  });
});

describe('the schemas refuse', () => {
  const ack =
    '<AckId>A1</AckId><ReqId>Q1</ReqId><AckStsCode>7101</AckStsCode><AckStsDesc></AckStsDesc>';
  const sig = (tag: string): string => `<${tag}>AAAA</${tag}>`;
  const v4Message = (inside: string): string => `<Gepg>${inside}${sig('gepgSignature')}</Gepg>`;
  const v5Message = (inside: string): string => `<Gepg>${inside}${sig('signature')}</Gepg>`;
  const bill = (inside: string): string =>
    v4Message(`<gepgBillSubReq><BillTrxInf>${inside}</BillTrxInf></gepgBillSubReq>`);
  const enquiry = (number: string): string =>
    v5Message(
      `<billQryReq><CustCtrNum>${number}</CustCtrNum><ReqId>Q1</ReqId><PspCode>PSP010</PspCode></billQryReq>`,
    );
  const result = (status: string): string =>
    v4Message(
      `<gepgPmtFinResp><PymtTrxInf><PayFinRespId>F1</PayFinRespId><TrxId>T1</TrxId><RcptNum>R1</RcptNum><PayStsCode>${status}</PayStsCode><PayStsDesc></PayStsDesc></PymtTrxInf></gepgPmtFinResp>`,
    );

  it.each([
    ['gepg-v4.xsd', bill('<Ccy>TZS</Ccy><BillId>B1</BillId><BillAmt>1.25E7</BillAmt>')],
    ['gepg-v4.xsd', v4Message('<gepgPmtSpInfoAck></gepgPmtSpInfoAck>')],
    ['gepg-v4.xsd', '<gepgPmtSpInfoAck><TrxStsCode>7101</TrxStsCode></gepgPmtSpInfoAck>'],
    ['gepg-v4.xsd', `<Gepg>\n<gepgBillQryReq/>\n${sig('signature')}\n</Gepg>`],
    ['gepg-v4.xsd', result('7101')],
    ['gepg-v5.xsd', v5Message(`<billSubReqAck>${ack}</billSubReqAck>`)],
    ['gepg-v5.xsd', v5Message(`<billCanclReqAck>${ack}</billCanclReqAck>`)],
    ['malipo-psp-v5.xsd', enquiry('990000000001')],
  ])('not what is right: %s %s', async (file, document) => {
    expect(await validator.faults(file, document)).toEqual([]);
  });

  it.each([
    ['an element twice', 'gepg-v4.xsd', bill('<BillId>B1</BillId><Ccy>TZS</Ccy><Ccy>TZS</Ccy>')],
    ['the key element twice', 'gepg-v4.xsd', bill('<BillId>B1</BillId><BillId>B1</BillId>')],
    ['a bill without id', 'gepg-v4.xsd', bill('<Ccy>TZS</Ccy>')],
    ['an amount of letters', 'gepg-v4.xsd', bill('<BillId>B1</BillId><BillAmt>ten</BillAmt>')],
    ['an element of nobody', 'gepg-v4.xsd', bill('<BillId>B1</BillId><Colour>red</Colour>')],
    ['an attribute', 'gepg-v4.xsd', result('7101').replace('<TrxId>', '<TrxId a="b">')],
    ['a sent list where one code is due', 'gepg-v4.xsd', result('7226;7201')],
    [
      'a sent message in the wrong signature',
      'gepg-v4.xsd',
      result('7101').replaceAll('gepgSignature', 'signature'),
    ],
    [
      'a sent message without signature',
      'gepg-v4.xsd',
      result('7101').replace(sig('gepgSignature'), ''),
    ],
    [
      'sent elements in another order',
      'gepg-v5.xsd',
      v5Message(
        `<billSubReqAck>${ack.replace('<AckId>A1</AckId>', '')}<AckId>A1</AckId></billSubReqAck>`,
      ),
    ],
    ['a message of another generation', 'gepg-v5.xsd', result('7101')],
    ['an empty required text', 'malipo-psp-v5.xsd', enquiry('')],
    [
      'a required element that is missing',
      'malipo-psp-v5.xsd',
      enquiry('990000000001').replace('<ReqId>Q1</ReqId>', ''),
    ],
    ['a bare text', 'malipo-psp-v5.xsd', 'hello'],
  ])('%s', async (_what, file, document) => {
    expect(await validator.faults(file, document)).not.toEqual([]);
  });
});

const samples = join(projectRoot, '../shared/samples');
const recorded = existsSync(samples)
  ? readdirSync(samples).filter((name) => name.endsWith('.http'))
  : [];
(recorded.length > 0 ? describe : describe.skip)('requests of real integrations', () => {
  it.each(recorded)('%s is valid', async (name) => {
    const http = readFileSync(join(samples, name), 'utf8');
    const body = http.slice(http.search(/\r?\n\r?\n/)).trim();
    const file = body.includes('<signature>') ? 'gepg-v5.xsd' : 'gepg-v4.xsd';
    expect(await validator.faults(file, body)).toEqual([]);
  });
});
