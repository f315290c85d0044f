/**
 * Bills as a file, over real HTTP: taken whole or refused with the line, issued all or only the good ones, the same file
 * once, told line by line, and finished after the end of a process in the middle. Rules: product.md §9.
 */
import { parse } from 'csv-parse/sync';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { TestGateway } from '../support/gateway';
import {
  ask,
  bill,
  csvOf,
  keyOf,
  type ProblemReply,
  refusal,
  type Reply,
  rowOf,
  today,
} from './support';

interface Upload {
  readonly uploadId: string;
  readonly state: string;
  readonly rows: number;
  readonly checkedRows: number;
  readonly issuedRows: number;
  readonly refusedRows: number;
  readonly finishedAt: string | null;
}

let gateway: TestGateway;
let key: string;
let otherKey: string;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock(today);
  for (const code of ['SP70101', 'SP70202'])
    await gateway.party(code, { profile: { requestsPerSecond: 100_000 } });
  key = await keyOf(gateway, 'SP70101');
  otherKey = await keyOf(gateway, 'SP70202');
});
afterAll(() => gateway.stop());

function upload(
  file: string | Buffer,
  accept = 'good',
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return ask(gateway.url, `/v1/bill-uploads?accept=${accept}`, {
    method: 'POST',
    key,
    body: file,
    headers: { 'content-type': 'text/csv', ...headers },
  });
}

async function read(id: string): Promise<Upload> {
  return (await ask(gateway.url, `/v1/bill-uploads/${id}`, { key })).json as Upload;
}

/** The upload when it is over. */
async function over(taken: Reply): Promise<Upload> {
  expect({ status: taken.status, text: taken.text }).toMatchObject({ status: 202 });
  const { uploadId } = taken.json as Upload;
  for (let waited = 0; waited < 25_000; waited += 20) {
    const seen = await read(uploadId);
    if (seen.finishedAt !== null) return seen;
    await pause(20);
  }
  throw new Error('the upload is not over');
}

async function report({ uploadId }: Upload): Promise<Record<string, string>[]> {
  const { status, text, headers } = await ask(
    gateway.url,
    `/v1/bill-uploads/${uploadId}/report.csv`,
    { key },
  );
  expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  return parse(text, { columns: true });
}

const rows = (prefix: string, count: number): Record<string, string>[] =>
  Array.from({ length: count }, (_, i) => rowOf(`${prefix}${String(i)}`));
const bills = (prefix: string): Promise<number> =>
  gateway.count('bill', `sp_bill_id like '${prefix}%'`);

it('issues a file of bills and tells the number of each line', async () => {
  const taken = await upload(csvOf(rows('A', 1_500)), 'all');
  expect(taken.json).toMatchObject({ state: 'checking', rows: 1_500, issuedRows: 0 });
  const done = await over(taken);
  expect(done).toMatchObject({
    state: 'done',
    checkedRows: 1_500,
    issuedRows: 1_500,
    refusedRows: 0,
  });
  const lines = await report(done);
  expect(lines[0]).toEqual({
    line: '2',
    bill_id: 'A0',
    result: 'issued',
    control_number: expect.stringMatching(/^99\d{10}$/) as string,
    error_code: '',
    error: '',
  });
  expect(lines.map(({ line }) => Number(line))).toEqual(lines.map((_, i) => i + 2));
  expect(new Set(lines.map((each) => each['control_number'])).size).toBe(1_500);
  const bill = await ask(gateway.url, '/v1/bills/A1499', { key });
  expect(bill.json).toMatchObject({
    controlNumber: lines.at(-1)?.['control_number'],
    amount: '150000.00',
    payer: { name: 'Asha Juma', phone: '0712345678' },
  });
  // Nothing of the payers is kept twice.
  expect(await gateway.count('bill_upload_row', 'draft is not null')).toBe(0);
});

it('issues the good rows, and says of each bad one what is wrong with it', async () => {
  const existing = (
    await ask(gateway.url, '/v1/bills', { method: 'POST', key, body: bill('B-SAME') })
  ).json as { controlNumber: string };
  await ask(gateway.url, '/v1/bills', {
    method: 'POST',
    key,
    body: bill('B-OTHER', { description: 'another' }),
  });
  const done = await over(
    await upload(
      csvOf([
        rowOf('B-1'),
        rowOf('B-SAME'),
        rowOf('B-OTHER'),
        rowOf('B-1', { amount: '7.00' }),
        rowOf('B-2', { amount: '1,5' }),
        rowOf('B-3', { expires_at: '2026-11-24T10:59:59+03:00', payer_phone: '' }),
        rowOf('B-4', { gfs_code: '999999' }),
        rowOf('B-5', { payment_option: '3' }),
        rowOf(''),
        rowOf('=1+1', { payer_name: '@SUM(A1)' }),
        rowOf('B-\u0412'),
      ]),
    ),
  );
  expect(done).toMatchObject({ state: 'done', rows: 11, issuedRows: 3, refusedRows: 8 });
  const told = (await report(done)).map((each) => [
    each['line'],
    each['bill_id'],
    each['result'],
    each['error_code'],
    each['error'],
  ]);
  expect(told).toEqual([
    ['2', 'B-1', 'issued', '', ''],
    ['3', 'B-SAME', 'issued', '', ''],
    ['4', 'B-OTHER', 'refused', 'bill.id-duplicate', 'bill_id: another bill has this id'],
    ['5', 'B-1', 'refused', 'upload.bill-id-repeated', 'bill_id: line 2 has this id already'],
    [
      '6',
      'B-2',
      'refused',
      'bill.amount-malformed',
      'amount: above zero, and not below the smallest instalment',
    ],
    [
      '7',
      'B-3',
      'refused',
      'bill.expiry-unacceptable',
      'expires_at: an instant to come; payer: a phone number or an e-mail address',
    ],
    ['8', 'B-4', 'refused', 'bill.gfs-code-unknown', 'gfs_code: a GFS code that is not enrolled'],
    [
      '9',
      'B-5',
      'refused',
      'bill.option-unknown',
      'payment_option: not an option that is switched on here',
    ],
    ['10', '', 'refused', 'bill.id-blank', 'bill_id: a bill has an id'],
    ['11', "'=1+1", 'issued', '', ''],
    ['12', 'B-\u0412', 'refused', 'bill.id-malformed', 'bill_id: this id cannot be used'],
  ]);
  const [, same] = await report(done);
  expect(same?.['control_number']).toBe(existing.controlNumber);
});

it('issues nothing where all are wanted and one is bad', async () => {
  const file = rows('C', 1_200);
  file[1_100] = rowOf('C1100', { currency: 'KES' });
  const done = await over(await upload(csvOf(file), 'all'));
  expect(done).toMatchObject({
    state: 'refused',
    checkedRows: 1_200,
    issuedRows: 0,
    refusedRows: 1,
  });
  expect(await bills('C')).toBe(0);
  const lines = await report(done);
  expect(lines[1_100]).toMatchObject({
    line: '1102',
    result: 'refused',
    error_code: 'bill.currency-unknown',
  });
  expect(lines[0]).toMatchObject({ result: 'not-issued', error: 'other lines are at fault' });

  // The same file for the good rows alone is another upload.
  const good = await over(await upload(csvOf(file), 'good'));
  expect(good).toMatchObject({ state: 'done', issuedRows: 1_199, refusedRows: 1 });
  expect(await bills('C')).toBe(1_199);
});

it('issues nothing where all are wanted and the numbers do not suffice', async () => {
  const { rows: before } = await gateway.db.query<{ id: number; next_serial: string }>(
    `select r.id, next_serial::text from control_number_range r join party p on p.id = r.party_id where code = 'SP70101'`,
  );
  await gateway.db.query(
    `update control_number_range set next_serial = capacity - 2 where id = $1`,
    [before[0]?.id],
  );
  const done = await over(await upload(csvOf(rows('N', 5)), 'all'));
  expect(done).toMatchObject({ state: 'refused', issuedRows: 0, refusedRows: 3 });
  expect((await report(done)).map((each) => each['error_code'])).toEqual([
    '',
    '',
    ...Array.from({ length: 3 }, () => 'bill.numbers-exhausted'),
  ]);
  expect(await bills('N')).toBe(0);
  await gateway.db.query(`update control_number_range set next_serial = $2 where id = $1`, [
    before[0]?.id,
    before[0]?.next_serial,
  ]);
});

it('uses numbers again, each once', async () => {
  const [number] = (await report(await over(await upload(csvOf([rowOf('D1')]))))).map(
    (each) => each['control_number'] ?? '',
  );
  await ask(gateway.url, '/v1/bills/D1/cancellation', {
    method: 'POST',
    key,
    body: { reason: 'x' },
  });
  const again = [
    rowOf('D2', { control_number: number ?? '' }),
    rowOf('D3', { control_number: number ?? '' }),
  ];
  const lines = await report(await over(await upload(csvOf(again))));
  expect(lines).toMatchObject([
    { result: 'issued', control_number: number },
    { result: 'refused', error: 'control_number: line 2 has this number already' },
  ]);
});

describe('the same file', () => {
  it('is the same upload, whatever the Idempotency-Key; another file with a used key is refused', async () => {
    const file = csvOf(rows('E', 3));
    const first = await upload(file, 'good', { 'idempotency-key': 'upload-1' });
    const done = await over(first);
    const repeated = await upload(file, 'good', { 'idempotency-key': 'upload-1' });
    expect([repeated.text, repeated.headers.get('idempotency-replayed')]).toEqual([
      first.text,
      'true',
    ]);
    const other = await upload(file, 'good');
    expect(other.json).toMatchObject({ uploadId: done.uploadId, state: 'done', issuedRows: 3 });
    expect(
      refusal(await upload(csvOf(rows('E', 4)), 'good', { 'idempotency-key': 'upload-1' })),
    ).toEqual([422, 'idempotency.body-different']);
    expect(await bills('E')).toBe(3);
  });

  it('from two clients at once is one upload', async () => {
    const file = csvOf(rows('F', 1_500));
    const both = await Promise.all([upload(file), upload(file)]);
    expect(new Set(both.map(({ json }) => (json as Upload).uploadId)).size).toBe(1);
    expect(await over(both[0])).toMatchObject({ issuedRows: 1_500 });
    expect(await bills('F')).toBe(1_500);
  });
});

describe('a file', () => {
  const head = csvOf([rowOf('G')]).split('\n')[0] ?? '';
  const [line] = csvOf([rowOf('G-1')])
    .split('\n')
    .slice(1);

  it.each([
    ['with a byte order mark', `\ufeff${csvOf([rowOf('G1')])}`],
    ['with semicolons', csvOf([rowOf('G2', { description: 'a, b' })], ';')],
    [
      'with CRLF and capitals in its header',
      csvOf([rowOf('G3')])
        .replace(head, head.toUpperCase())
        .replaceAll('\n', '\r\n'),
    ],
  ])('%s is taken', async (_what, file) => {
    expect(await over(await upload(file))).toMatchObject({ state: 'done', issuedRows: 1 });
  });

  it.each<[string, string | Buffer, string, RegExp]>([
    [
      'in Latin-1',
      Buffer.from(`${csvOf([rowOf('H1')])}${line ?? ''}\u00fc\n`, 'latin1'),
      'line 3',
      /UTF-8/,
    ],
    [
      'with a column that is not known',
      `${head},colour\n${line ?? ''},red\n`,
      'line 1, colour',
      /not known/,
    ],
    ['without a column', csvOf([{ bill_id: 'H2' }]), 'line 1, amount', /missing/],
    [
      'with a cell too many',
      `${head}\n${line ?? ''},x\n`,
      'line 2',
      /13 cells, where the header has 12/,
    ],
    ['that is empty', '', 'line 1', /the file is empty/],
    ['with a header alone', `${head}\n`, 'line 1', /no line below/],
    ['with a NUL', `${head}\n${(line ?? '').replace('Asha', 'A\0')}\n`, 'line 2', /UTF-8/],
    [
      'with a quote that never closes',
      `${head}\n${line ?? ''}\n"${'x'.repeat(9_000)}`,
      'line 3',
      /not a CSV line/,
    ],
    [
      'of 100,001 rows',
      `${head}\n${`${line ?? ''}\n`.repeat(100_001)}`,
      'line 100002',
      /more than 100,000/,
    ],
  ])(
    '%s is refused with its line, and leaves nothing',
    async (_what, file, place, detail) => {
      const [before, stored] = [
        await gateway.count('bill_upload'),
        await gateway.count('bill_upload_row'),
      ];
      const reply = await upload(file);
      expect(refusal(reply).slice(0, 3)).toEqual([422, 'upload.refused', place]);
      expect((reply.json as ProblemReply).detail).toMatch(detail);
      expect(await gateway.count('bill_upload')).toBe(before);
      expect(await gateway.count('bill_upload_row')).toBe(stored);
    },
    120_000,
  );

  it('that is too large is refused with an answer', async () => {
    const reply = await upload(Buffer.alloc(64 * 1_048_576 + 1, 'x'));
    expect(refusal(reply)).toEqual([413, 'upload.too-large']);
  });

  it('comes as text/csv, to this resource alone, with a choice', async () => {
    const json = await upload('{}', 'good', { 'content-type': 'application/json' });
    expect(refusal(json)).toEqual([415, 'upload.not-csv']);
    const elsewhere = await ask(gateway.url, '/v1/bills', {
      method: 'POST',
      key,
      body: head,
      headers: { 'content-type': 'text/csv' },
    });
    expect(refusal(elsewhere)).toEqual([415, 'http.415']);
    expect(refusal(await upload(head, 'some'))).toEqual([400, 'request.invalid', '?accept']);
  });
});

it("is nobody else's to see", async () => {
  const { json } = await ask(gateway.url, '/v1/bill-uploads?limit=1', { key });
  const [mine] = (json as { data: Upload[] }).data;
  for (const path of [mine?.uploadId ?? '', `${mine?.uploadId ?? ''}/report.csv`]) {
    const reply = await ask(gateway.url, `/v1/bill-uploads/${path}`, { key: otherKey });
    expect(refusal(reply)).toEqual([404, 'upload.unknown']);
  }
  const list = await ask(gateway.url, '/v1/bill-uploads', { key: otherKey });
  expect(list.json).toEqual({ data: [], next: null });
});

it('goes on where it was after the end of the process in the middle of a set', async () => {
  const count = 4_000;
  const taken = await upload(csvOf(rows('K', count)));
  const { uploadId } = taken.json as Upload;
  const issued = () => gateway.count('bill_upload', `id = '${uploadId}' and issued_count >= 1000`);
  while ((await issued()) === 0) await pause(5);
  // The next set waits for the institution's range of numbers, and ends there with its process.
  const locker = new Client({ connectionString: gateway.databaseUrl });
  locker.on('error', () => undefined);
  await locker.connect();
  await locker.query('begin');
  await locker.query(`select from control_number_range for update`);
  const waits = () =>
    gateway.count('pg_stat_activity', `wait_event_type = 'Lock' and query like '%next_serial%'`);
  while ((await waits()) === 0) await pause(5);
  await gateway.crash();

  const before = await read(uploadId);
  expect(before.state).toBe('issuing');
  expect(await over(taken)).toMatchObject({ state: 'done', issuedRows: count, refusedRows: 0 });
  expect(await bills('K')).toBe(count);
  const lines = await report(before);
  expect(lines.every(({ result }) => result === 'issued')).toBe(true);
  expect(new Set(lines.map((each) => each['control_number'])).size).toBe(count);
}, 60_000);
