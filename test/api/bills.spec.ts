/** Bills over JSON: in, out, one by one and by the hundred, and what is refused with its place. */
import { TestGateway } from '../support/gateway';
import { ask, bill, keyOf, refusal, type Reply, today } from './support';

let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  await gateway.party('SP70101');
  key = await keyOf(gateway, 'SP70101');
});
afterAll(() => gateway.stop());

const post = (body: unknown, path = '/v1/bills', headers = {}): Promise<Reply> =>
  ask(gateway.url, path, { method: 'POST', key, body, headers });
const get = (path: string): Promise<Reply> => ask(gateway.url, path, { key });

describe('a bill', () => {
  it('gets a number, and is read as it was sent', async () => {
    const made = await post(bill('A/1'));
    expect({ status: made.status, text: made.text }).toMatchObject({ status: 201 });
    expect(made.json).toMatchObject({
      billId: 'A/1',
      controlNumber: expect.stringMatching(/^99\d{10}$/),
      state: 'open',
      amount: '150000.00',
      paidAmount: '0.00',
      minimumAmount: '0.01',
      expiresAt: '2027-12-31T20:59:59.000Z',
      payer: { id: 'STD-0042', name: 'Asha Juma', phone: '0712345678', email: null },
      items: [{ gfsCode: '142202', amount: '150000.00', paidAmount: '0.00' }],
      version: 1,
    });
    const read = await get('/v1/bills/A%2F1');
    expect([read.status, read.json]).toEqual([200, made.json]);
    expect(read.headers.get('ratelimit')).toMatch(/^"party";r=\d+;t=\d+$/);
  });

  it('sent again is the same bill; with other content it is refused', async () => {
    const [one, again, other] = [
      await post(bill('A2')),
      await post(bill('A2')),
      await post(bill('A2', { description: 'Something else' })),
    ];
    expect([again.status, again.json]).toEqual([201, one.json]);
    expect(refusal(other)).toEqual([422, 'bill.refused', '/billId']);
  });

  it('that breaks rules is refused with every place', async () => {
    const reply = await post(
      bill('A3', {
        amount: '2.00',
        expiresAt: '2026-11-24T10:59:59+03:00',
        payer: { id: 'x', name: 'y' },
      }),
    );
    expect(refusal(reply)).toEqual([422, 'bill.refused', '/expiresAt', '/payer', '/items']);
    expect(refusal(await get('/v1/bills/A3'))).toEqual([404, 'bill.unknown']);
  });
});

it.each<[string, unknown, ...string[]]>([
  [
    'unknown fields',
    bill('B', { state: 'paid', items: [{ gfsCode: '142202', amount: '1', paidAmount: '1' }] }),
    '/items/0/paidAmount',
    '/state',
  ],
  ['a missing field', bill('B', { amount: undefined }), '/amount'],
  ['a number for an amount', bill('B', { amount: 1500 }), '/amount'],
  ['an exponent', bill('B', { amount: '1.5E3' }), '/amount'],
  ['an object for an id', bill('B', { billId: { $ne: 1 } }), '/billId'],
  ['letters that look like others', bill('В1'), '/billId'],
  ['a local time', bill('B', { expiresAt: '2027-12-31T23:59:59' }), '/expiresAt'],
  ['a day that is none', bill('B', { expiresAt: '2027-02-30T23:59:59Z' }), '/expiresAt'],
  ['a text that turns around', bill('B', { description: 'a\u202eb' }), '/description'],
  ['a list for an object', bill('B', { payer: [] }), '/payer'],
  ['a text for a list', bill('B', { items: 'none' }), '/items'],
  ['lists in lists', bill('B', { items: [[]] }), '/items'],
  ['null for what may be absent', bill('B', { systemId: null }), '/systemId'],
  ['no object', [], ''],
])('refuses %s', async (_what, body, ...pointers) => {
  const [status, code, ...found] = refusal(await post(body));
  expect([status, code]).toEqual([400, 'request.invalid']);
  expect(found.sort()).toEqual(pointers.sort());
});

it.each([
  ['{"billId":"a","billId":"b"}', 400, 'json.refused', '/billId'],
  ['{"billId":1.5}', 400, 'json.refused', '/billId'],
  ['', 400, 'body.missing'],
])('refuses the body %s', async (body, ...wanted) => {
  expect(refusal(await post(body))).toEqual(wanted);
});

it('refuses a body that is too large or of another type, without reading it', async () => {
  expect(refusal(await post(`"${'a'.repeat(262_143)}"`))).toEqual([413, 'http.413']);
  expect(refusal(await post('a=b', '/v1/bills', { 'content-type': 'text/plain' }))).toEqual([
    415,
    'http.415',
  ]);
});

it('takes a hundred bills, each for itself', async () => {
  const bills = Array.from({ length: 100 }, (_, i) =>
    bill(`C${String(i)}`, i % 10 === 3 ? { currency: 'USD', amount: '1.00' } : {}),
  );
  const reply = await post({ bills }, '/v1/bills/batch');
  expect(reply.status).toBe(200);
  const { results } = reply.json as {
    results: { billId: string; accepted: boolean; controlNumber: string; errors: object[] }[];
  };
  expect(results.map(({ billId }) => billId)).toEqual(bills.map(({ billId }) => billId));
  expect(results.filter(({ accepted }) => !accepted)).toHaveLength(10);
  expect(results[3]).toMatchObject({
    accepted: false,
    controlNumber: null,
    errors: [{ pointer: '/items', code: 'bill.item-sum-different' }],
  });
  expect(await gateway.count('bill', `sp_bill_id like 'C%'`)).toBe(90);
  expect(refusal(await post({ bills: [...bills, bill('C100')] }, '/v1/bills/batch'))).toEqual([
    400,
    'request.invalid',
    '/bills',
  ]);
});

it('takes bills that arrive together each for itself, and each key once', async () => {
  const send = (billId: string, more: object, idempotencyKey: string) =>
    post(bill(billId, more), '/v1/bills', { 'idempotency-key': idempotencyKey });
  const asked = Array.from({ length: 60 }, (_, i) => {
    // Every tenth breaks a rule, every fifteenth is another bill under the id of its neighbour.
    if (i % 10 === 3) return { id: `T${String(i)}`, more: { amount: '2.00' }, status: 422 };
    if (i % 15 === 7) return { id: `T${String(i - 1)}`, more: { description: 'x' }, status: 422 };
    return { id: `T${String(i)}`, more: {}, status: 201 };
  });
  const round = () => Promise.all(asked.map(({ id, more }, i) => send(id, more, `k${String(i)}`)));
  const first = await round();
  // Of one id with two contents whichever came first is taken.
  const pairs = asked.flatMap((_, i) => (i % 15 === 7 ? [[i - 1, i] as const] : []));
  for (const pair of pairs) {
    expect(pair.map((i) => first[i]?.status).sort()).toEqual([201, 422]);
  }
  const inPairs = new Set(pairs.flat());
  asked.forEach(({ id, status }, i) => {
    if (inPairs.has(i)) return;
    expect([id, first[i]?.status]).toEqual([id, status]);
  });
  const taken = first.filter(({ status }) => status === 201);
  const numbers = taken.map(({ json }) => (json as { controlNumber: string }).controlNumber);
  expect(new Set(numbers).size).toBe(taken.length);
  taken.forEach(({ json }) => {
    expect(json).toMatchObject({ state: 'open', amount: '150000.00' });
  });
  // The same again: what was taken is answered from its key, what was refused is refused again.
  const second = await round();
  expect(second.map(({ status, text }) => [status, status === 201 ? text : ''])).toEqual(
    first.map(({ status, text }) => [status, status === 201 ? text : '']),
  );
  expect(
    second.map(({ headers }) => headers.get('idempotency-replayed')).filter(Boolean),
  ).toHaveLength(taken.length);
});

it('gives one of two requests under one key its bill, and the other a conflict or the same', async () => {
  const sent = { 'idempotency-key': 'twin' };
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => post(bill('TWIN'), '/v1/bills', sent)),
  );
  const made = replies.filter(({ status }) => status === 201);
  expect(new Set(made.map(({ text }) => text)).size).toBe(1);
  for (const other of replies.filter(({ status }) => status !== 201)) {
    expect(refusal(other)).toEqual([409, 'idempotency.in-flight']);
    expect(other.headers.get('retry-after')).toBe('1');
  }
});

describe('the list', () => {
  it('comes in pages without a gap, newest first', async () => {
    const seen: string[] = [];
    let path = '/v1/bills?payerId=STD-PAGE&limit=3';
    for (let i = 0; i < 7; i++)
      await post(bill(`D${String(i)}`, { payer: { id: 'STD-PAGE', name: 'x', email: 'a@b.tz' } }));
    for (;;) {
      const { json } = await get(path);
      const { data, next } = json as { data: { billId: string }[]; next: string | null };
      seen.push(...data.map(({ billId }) => billId));
      if (next === null) break;
      path = `/v1/bills?payerId=STD-PAGE&limit=3&cursor=${next}`;
    }
    expect(seen).toEqual(['D6', 'D5', 'D4', 'D3', 'D2', 'D1', 'D0']);
  });

  it('is searched by what a bill is', async () => {
    const count = async (query: string) =>
      ((await get(`/v1/bills?${query}`)).json as { data: object[] }).data.length;
    expect(await count('billId=D3')).toBe(1);
    expect(await count('billId=D3&state=open&currency=TZS')).toBe(1);
    expect(await count('billId=D3&state=paid')).toBe(0);
    expect(await count('billId=D3&createdFrom=2026-11-24T08:00:00Z')).toBe(1);
    expect(await count('billId=D3&createdBefore=2026-11-24T08:00:00Z')).toBe(0);
  });

  it('refuses what it does not know', async () => {
    expect(refusal(await get('/v1/bills?sort=id'))).toEqual([400, 'request.invalid', '?sort']);
    expect(refusal(await get('/v1/bills?limit=201'))).toEqual([400, 'request.invalid', '?limit']);
    expect(refusal(await get('/v1/bills?state=open&state=paid'))).toEqual([
      400,
      'request.invalid',
      '?state',
    ]);
    expect(refusal(await get('/v1/bills?cursor=abc'))).toEqual([
      400,
      'page.cursor-unknown',
      '?cursor',
    ]);
  });
});
