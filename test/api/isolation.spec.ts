/**
 * The walk over every operation with another party's ids, wherever an id may stand: in the path, the query, the cursor
 * of a list, the body, the Idempotency-Key. Each answers as for ids that nobody has, to the letter but for the ids
 * (issue 5, point 12; security-reliability I1). An operation that no id of anybody can be given to is named here; a new
 * one makes this spec red until it is placed.
 */
import { randomUUID } from 'node:crypto';
import { buildDocument } from '../../src/api/document';
import { dammDigit } from '../../src/bills/control-number.rules';
import { Database } from '../../src/platform/database/database';
import { sampleKeystore } from '../../tools/sandbox/sample-keys';
import { Books } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { detachedJws } from '../support/jws';
import {
  call,
  isOfPsps,
  nobodys,
  type Operation,
  operationsOf,
  type PathValues,
} from './operations';
import { playStage, type Stage } from './stage';
import { ask, bill, csvOf, type Reply, rowOf } from './support';

let gateway: TestGateway;
let stage: Stage;
let operations: readonly Operation[];

beforeAll(async () => {
  gateway = await TestGateway.start();
  stage = await playStage(gateway);
  operations = operationsOf(buildDocument(gateway.app));
});
afterAll(() => gateway.stop({ unsigned: true }));

/** One way to put ids into a request. */
interface Asking {
  readonly path?: PathValues;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Ids = PathValues;

const line = {
  controlNumber: '997010000008',
  amount: '150000.00',
  currency: 'TZS',
  paidAt: '2026-11-24T10:00:00+03:00',
};

/** Where a body holds ids, one asking for each; where it holds none but the path does, some good body. */
const bodies: Readonly<Record<string, (ids: Ids) => readonly unknown[]>> = {
  submitBill: ({ controlNumber }) => [bill(randomUUID(), { controlNumber })],
  submitBills: ({ controlNumber }) => [{ bills: [bill('TWIN', { controlNumber })] }],
  changeBill: () => [{ expiresAt: '2028-06-30T23:59:59+03:00' }, { amount: '1.00' }],
  cancelBill: () => [{ reason: 'paid in another way' }],
  changeWebhookEndpoint: () => [{ state: 'off' }, { url: 'https://elsewhere.example.go.tz/' }],
  resendDeliveries: ({ deliveryId, billId, controlNumber, transactionId }) => [
    { deliveryIds: [deliveryId] },
    { billId },
    { controlNumber },
    { transactionId },
  ],
  putStatementPage: () => [{ lines: [{ transactionId: 'TX-1', ...line }] }],
  publishStatement: () => [{ lineCount: 0, totals: [] }],
  requestReversal: ({ transactionId }) => [
    { transactionId, reason: 'wrong-amount', note: 'The payer paid too much' },
  ],
  notifyPayment: ({ transactionId }) => [
    { transactionId, ...line, controlNumber: `99701999998${dammDigit('99701999998')}` },
  ],
};

/** What the cursor of each list is made of. */
const cursors: Readonly<Record<string, (ids: Ids) => string | undefined>> = {
  listBillUploads: ({ uploadId }) => uploadId,
  searchPayments: ({ paymentId }) => paymentId,
  searchDeliveries: ({ deliveryId }) => deliveryId,
  listStatements: ({ statementId }) => statementId,
  listReversalRequests: ({ requestId }) => requestId,
  searchBills: ({ internalBillId }) => internalBillId,
};

/** Nobody's id can be said to them; the lists among them are seen to be empty below. */
const withoutIds = [
  'acknowledgeEvents',
  'addWebhookEndpoint',
  'listEvents',
  'listWebhookEndpoints',
  'openStatement',
];
/** Any PSP may ask what is due on any number: that is what an enquiry is for. */
const ofAnybody = ['enquire'];
/** A file, sent by a test of its own. */
const ofFiles = ['uploadBills'];

function askingsOf(operation: Operation, ids: Ids): readonly Asking[] {
  const { id, path, parameters, body } = operation;
  const given = bodies[id]?.(ids) ?? [];
  const cursor = cursors[id]?.(ids);
  const queries = parameters
    .filter((each) => each.in === 'query' && each.name in ids)
    .map(({ name }) => `?${name}=${encodeURIComponent(ids[name] ?? '')}`);
  if (cursor !== undefined) queries.push(`?cursor=${Buffer.from(cursor).toString('base64url')}`);
  if (body !== undefined) return given.map((each) => ({ path: ids, ...signedFor(id, each) }));
  return [
    ...queries.map((query) => ({ path: ids, query })),
    ...(path.includes('{') ? [{ path: ids }] : []),
  ];
}

/** The notification of a payment is signed by the PSP that sends it. */
function signedFor(id: string, body: unknown): Required<Pick<Asking, 'body' | 'headers'>> {
  if (id !== 'notifyPayment') return { body, headers: {} };
  const text = JSON.stringify(body);
  return {
    body: text,
    headers: {
      'idempotency-key': (body as { transactionId: string }).transactionId,
      'x-jws-signature': detachedJws(text, sampleKeystore('PSP702').privateKey),
    },
  };
}

/** What repeats the id or names the request is made equal; the rest must be. */
function faceless({ status, text, headers }: Reply, ids: Ids): unknown {
  let bare = text.replace(/"(?:requestId|requestDigest|instance)":"[^"]+"/g, '');
  // The longest first: a short id may stand within another.
  for (const value of Object.values(ids).sort((a, b) => b.length - a.length))
    if (value.length > 1) bare = bare.replaceAll(value, 'ID');
  return [status, headers.get('content-type'), headers.get('retry-after'), bare];
}

it('the tenant role sees nothing of others, whatever a statement forgets', async () => {
  const books = new Books(gateway);
  const { id } = await books.sp('SP70202');
  const bank = await books.psp('PSP702');
  const { rows } = await gateway.db.query<{ name: string }>(
    `select relname as name from pg_class where relrowsecurity and relkind in ('r', 'p') order by relname`,
  );
  expect(rows.length).toBeGreaterThanOrEqual(20);
  for (const partyId of [id, bank.id]) {
    const seen = await books
      .use(Database)
      .forParty(partyId)
      .read(async (reader) => {
        const counts: Record<string, number> = {};
        for (const { name } of rows) {
          const [row] = await reader.query<{ n: number }>(
            `select count(*)::integer as n from ${name}`,
          );
          counts[name] = row?.n ?? -1;
        }
        return counts;
      });
    // Its own range of numbers is there.
    const others = Object.entries(seen).filter(([, count]) => count > 0);
    expect(others.filter(([name]) => name !== 'control_number_range')).toEqual([]);
  }
  expect(await gateway.count('bill')).toBeGreaterThan(0);
});

it("another party's ids answer as ids that nobody has, wherever they stand", async () => {
  const { rows } = await gateway.db.query<{ id: string }>(
    `select id from bill where sp_bill_id = 'OPEN'`,
  );
  const theirs: Ids = { ...stage.own, payerId: 'STD-0042', internalBillId: rows[0]?.id ?? '' };
  const none: Ids = { ...nobodys, payerId: 'NOBODYS', internalBillId: nobodys['uploadId'] ?? '' };
  const walked: string[] = [];
  const statuses: Record<string, readonly number[]> = {};
  // Last what makes ids of its own: the status of a payment is asked before it is notified.
  const order = ({ id }: Operation): number => (id === 'notifyPayment' ? 1 : 0);
  for (const operation of [...operations].sort((a, b) => order(a) - order(b))) {
    const { id, scope, path } = operation;
    if ([...ofAnybody, ...ofFiles].includes(id)) continue;
    const random = askingsOf(operation, none);
    const key = isOfPsps(scope) ? stage.keys.otherPsp : stage.keys.otherSp;
    const found: number[] = [];
    for (const [i, asking] of askingsOf(operation, theirs).entries()) {
      const asked = await call(gateway.url, operation, { key, ...asking });
      const guessed = await call(gateway.url, operation, { key, ...random[i] });
      expect([id, i, faceless(asked, theirs)]).toEqual([id, i, faceless(guessed, none)]);
      found.push(asked.status);
    }
    if (found.length > 0) walked.push(id);
    // A day and a report are words that everybody knows.
    if (path.includes('{') && !/\{(?:day|report)\}/.test(path)) statuses[id] = [...new Set(found)];
  }
  expect([...walked, ...withoutIds, ...ofAnybody, ...ofFiles].sort()).toEqual(
    operations.map(({ id }) => id).sort(),
  );
  // What is named by its id alone is not there.
  expect(Object.entries(statuses).filter(([, seen]) => seen.join() !== '404')).toEqual([]);
});

it("a list of one party holds nothing of another's", async () => {
  const seen: unknown[] = [];
  for (const operation of operations.filter(
    ({ path, method }) => method === 'GET' && !path.includes('{'),
  )) {
    const key = isOfPsps(operation.scope) ? stage.keys.otherPsp : stage.keys.otherSp;
    const { json } = await call(gateway.url, operation, { key });
    seen.push([operation.id, (json as { data?: unknown[] }).data]);
  }
  expect(seen.length).toBeGreaterThanOrEqual(7);
  expect(seen).toEqual(seen.map((each) => [(each as [string])[0], []]));
});

it("another party's Idempotency-Key and another party's file are like any other", async () => {
  const headers = { 'idempotency-key': 'the-same' };
  const make = (key: string, body: object): Promise<Reply> =>
    ask(gateway.url, '/v1/webhook-endpoints', { method: 'POST', key, body, headers });
  const url = (name: string) => ({ url: `https://${name}.example.go.tz/in` });
  const theirs = await make(stage.keys.sp, url('first'));
  const own = await make(stage.keys.otherSp, url('second'));
  expect([theirs.status, own.status]).toEqual([201, 201]);
  expect(own.headers.get('idempotency-replayed')).toBeNull();
  expect((own.json as { url: string }).url).toBe(url('second').url);

  const upload = async (billId: string): Promise<Record<string, unknown>> => {
    const { status, json } = await ask(gateway.url, '/v1/bill-uploads?accept=good', {
      method: 'POST',
      key: stage.keys.otherSp,
      body: csvOf([rowOf(billId)]),
      headers: { 'content-type': 'text/csv' },
    });
    return { status, ...(json as object), uploadId: '', digest: '', createdAt: '' };
  };
  expect(await upload('UPLOADED')).toEqual(await upload('ANOTHER'));
});
