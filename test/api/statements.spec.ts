/**
 * A day statement over JSON: pages in any order, totals that must fit, revisions that replace and match anew; and the
 * same statement as a file gives the same result. Rules: product.md §7.
 */
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { type Ask, ask, keyOf, type ProblemReply, refusal, type Reply, today } from './support';

let gateway: TestGateway;
const keys = { psp: '', other: '', sp: '' };
const numbers: string[] = [];
const day = '2026-11-24';

const send = (
  method: NonNullable<Ask['method']>,
  path: string,
  body?: unknown,
  key = keys.psp,
): Promise<Reply> =>
  ask(gateway.url, `/v1/statements${path}`, {
    method,
    key,
    ...(body === undefined ? {} : { body }),
  });

const line = (i: number, more: object = {}): object => ({
  transactionId: `T-${String(i)}`,
  controlNumber: numbers[i] ?? '997010000008',
  amount: '1000.00',
  currency: 'TZS',
  paidAt: '2026-11-24T10:00:00+03:00',
  ...more,
});

async function opened(of = day): Promise<string> {
  const reply = await send('POST', '', { day: of });
  expect(reply.status).toBe(201);
  return (reply.json as { statementId: string }).statementId;
}

const put = (id: string, page: number | string, lines: readonly object[]): Promise<Reply> =>
  send('PUT', `/${id}/pages/${String(page)}`, { lines });

const publish = (id: string, lineCount: unknown, amount: string): Promise<Reply> =>
  send('POST', `/${id}/publish`, { lineCount, totals: [{ currency: 'TZS', amount }] });

const read = async (id: string): Promise<unknown> => (await send('GET', `/${id}`)).json;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  for (const code of ['SP70101', 'PSP701', 'PSP702']) await gateway.party(code);
  keys.psp = await keyOf(gateway, 'PSP701');
  keys.other = await keyOf(gateway, 'PSP702');
  keys.sp = await keyOf(gateway, 'SP70101');
  const books = new Books(gateway);
  for (let i = 0; i < 3; i++) {
    const wish = draft(`B-${String(i)}`, { systemId: 'THOSP001' });
    const number = await books.numberOf('SP70101', wish);
    numbers.push(number);
    expect(await books.pay('PSP701', `T-${String(i)}`, number, '1000.00')).toBe('taken');
  }
  // The day is over.
  await gateway.setClock('2026-11-25T09:00:00Z');
});
afterAll(() => gateway.stop({ unsigned: true }));

describe('a statement', () => {
  it('is put together from pages in any order, and matched when it is published', async () => {
    const id = await opened();
    expect((await put(id, 2, [line(2)])).json).toMatchObject({ pages: [2], lineCount: 1 });
    await put(id, 1, [line(9), line(1)]);
    expect((await put(id, 1, [line(0), line(1)])).json).toMatchObject({
      state: 'draft',
      revision: null,
      pages: [1, 2],
      lineCount: 3,
    });
    const reply = await publish(id, 3, '3000.00');
    expect([reply.status, reply.json]).toMatchObject([
      200,
      { state: 'published', lineCount: 3, pages: [], matching: { matched: 3, discrepancies: 0 } },
    ]);
    expect(await read(id)).toEqual(reply.json);
    expect(await gateway.count('statement_draft_page')).toBe(0);
    const { rows } = await gateway.db.query<{ id: string }>(
      `select psp_transaction_id as id from statement_line order by line_number`,
    );
    expect(rows.map((row) => row.id)).toEqual(['T-0', 'T-1', 'T-2']);
  });

  it('is replaced by its revision, which is matched anew, back and forth', async () => {
    const [first] = ((await send('GET', `?day=${day}`)).json as { data: { statementId: string }[] })
      .data;
    const second = await opened();
    await put(second, 1, [line(0), line(1), line(2, { amount: '999.00' }), line(7)]);
    const reply = await publish(second, 4, '3999.00');
    expect(reply.json).toMatchObject({
      state: 'published',
      revision: 2,
      matching: { matched: 2, discrepancies: 2 },
    });
    expect(await read(first?.statementId ?? '')).toMatchObject({ state: 'replaced', revision: 1 });
    expect(await read(first?.statementId ?? '')).not.toHaveProperty('matching');
    expect(await gateway.count('discrepancy', `state = 'open'`)).toBe(2);

    const third = await opened();
    await put(third, 1, [line(0), line(1), line(2)]);
    const again = await publish(third, 3, '3000.00');
    expect(again.json).toMatchObject({ revision: 3, matching: { matched: 3, discrepancies: 0 } });
    expect(await gateway.count('discrepancy', `state = 'open'`)).toBe(0);
    expect(await gateway.count('statement', 'is_live')).toBe(1);
  });

  it('may be of a day without payments, and of today, which is matched when it is over', async () => {
    const empty = await opened('2026-11-20');
    const reply = await send('POST', `/${empty}/publish`, { lineCount: 0, totals: [] });
    expect(reply.json).toMatchObject({ revision: 1, matching: { matched: 0, discrepancies: 0 } });
    const now = await opened('2026-11-25');
    await put(now, 1, [line(8)]);
    const published = await publish(now, 1, '1000.00');
    expect(published.status).toBe(200);
    expect(published.json).not.toHaveProperty('matching');
  });

  it('is published once, whoever asks at the same time', async () => {
    const id = await opened('2026-11-19');
    await put(id, 1, [line(6)]);
    const replies = await Promise.all(Array.from({ length: 6 }, () => publish(id, 1, '1000.00')));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect(await gateway.count('statement', `business_day = '2026-11-19'`)).toBe(1);
  });
});

describe('totals', () => {
  it('that do not fit are refused with what differs, and the draft stays', async () => {
    const id = await opened('2026-11-18');
    await put(id, 1, [line(0), line(1, { currency: 'USD', amount: '2.50' })]);
    const reply = await send('POST', `/${id}/publish`, {
      lineCount: 3,
      totals: [{ currency: 'TZS', amount: '2000.00' }],
    });
    expect(refusal(reply)).toEqual([
      422,
      'statement.totals-different',
      '/lineCount',
      '/totals/0/amount',
      '/totals',
    ]);
    expect((reply.json as ProblemReply).detail).toContain(
      'you say 2000.00 TZS, the pages hold 1000.00',
    );
    expect(await gateway.count('statement', `business_day = '2026-11-18'`)).toBe(0);
    expect(await read(id)).toMatchObject({ state: 'draft', lineCount: 2 });
  });
});

describe('a draft', () => {
  it('gives way to a new one of the day, and takes nothing more', async () => {
    const first = await opened('2026-11-17');
    await put(first, 1, [line(0)]);
    const second = await opened('2026-11-17');
    expect(await read(first)).toMatchObject({ state: 'discarded', lineCount: 0 });
    expect(refusal(await put(first, 1, [line(0)]))).toEqual([409, 'statement.closed']);
    expect(refusal(await publish(first, 1, '1000.00'))).toEqual([409, 'statement.closed']);
    expect((await put(second, 400, [line(0)])).status).toBe(200);
  });

  it('is of a day that has begun', async () => {
    expect(refusal(await send('POST', '', { day: '2026-11-26' }))).toEqual([
      422,
      'statement.day-ahead',
      '/day',
    ]);
  });
});

describe('bad input', () => {
  let id: string;
  beforeAll(async () => {
    id = await opened('2026-11-16');
  });
  afterAll(async () => {
    expect(await read(id)).toMatchObject({ state: 'draft', lineCount: 0, pages: [] });
  });

  it.each<[what: string, lines: unknown, status: number, ...pointers: string[]]>([
    ['no lines', [], 400, '/lines'],
    ['too many lines', Array.from({ length: 501 }, () => line(0)), 400, '/lines'],
    ['a line that is none', [1], 400, '/lines'],
    ['an amount as a number', [line(0, { amount: 5 })], 400, '/lines/0/amount'],
    ['a negative amount', [line(0, { amount: '-5' })], 400, '/lines/0/amount'],
    ['a currency that is none', [line(0, { currency: 'KES' })], 400, '/lines/0/currency'],
    ['a time without zone', [line(0, { paidAt: '2026-11-24T10:00:00' })], 400, '/lines/0/paidAt'],
    ['a field that is none', [line(0, { trxId: 'x' })], 400, '/lines/0/trxId'],
    ['an amount of nothing', [line(0), line(1, { amount: '0' })], 422, '/lines/1/amount'],
    ['letters in a number', [line(0, { controlNumber: 'AB' })], 422, '/lines/0/controlNumber'],
  ])('%s', async (_what, lines, status, ...pointers) => {
    const reply = await send('PUT', `/${id}/pages/1`, { lines });
    const code = status === 400 ? 'request.invalid' : 'statement.lines-bad';
    expect(refusal(reply)).toEqual([status, code, ...pointers]);
  });

  it.each(['0', '401', '-1', '1.5', 'x', '01'])('page %s', async (page) => {
    expect(refusal(await put(id, page, [line(0)]))).toEqual([400, 'request.invalid', '{page}']);
  });

  it.each<[body: object, pointer: string]>([
    [{ totals: [] }, '/lineCount'],
    [{ lineCount: -1, totals: [] }, '/lineCount'],
    [{ lineCount: '1', totals: [] }, '/lineCount'],
    [{ lineCount: 1 }, '/totals'],
    [{ lineCount: 1, totals: [{ currency: 'TZS', amount: 1 }] }, '/totals/0/amount'],
  ])('totals %j', async (body, pointer) => {
    expect(refusal(await send('POST', `/${id}/publish`, body))).toEqual([
      400,
      'request.invalid',
      pointer,
    ]);
  });
});

it('is nobody else’s: every operation answers as for an id that nobody has', async () => {
  const id = await opened('2026-11-15');
  await put(id, 1, [line(0)]);
  const nobodys = '00000000-0000-7000-8000-000000000000';
  const totals = { lineCount: 1, totals: [{ currency: 'TZS', amount: '1000.00' }] };
  const seen = async (of: string): Promise<unknown> =>
    (
      await Promise.all([
        send('GET', `/${of}`, undefined, keys.other),
        send('PUT', `/${of}/pages/1`, { lines: [line(1)] }, keys.other),
        send('POST', `/${of}/publish`, totals, keys.other),
      ])
    ).map((reply) => refusal(reply));
  expect(await seen(id)).toEqual(Array.from({ length: 3 }, () => [404, 'statement.unknown']));
  expect(await seen(nobodys)).toEqual(await seen(id));
  expect((await send('GET', '', undefined, keys.other)).json).toEqual({ data: [], next: null });
  expect(await read(id)).toMatchObject({ state: 'draft', lineCount: 1 });
  expect(refusal(await send('GET', '', undefined, keys.sp))).toEqual([
    403,
    'api-key.scope-missing',
  ]);
});
