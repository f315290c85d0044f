/**
 * Bills as a file, over real HTTP: issued all or only the good ones, told line by line, and finished after the end of a
 * process in the middle. (bill-upload-files.spec: which files are taken.) Rules: product.md §9.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { TestGateway } from '../support/gateway';
import { ask, bill, csvOf, refusal, rowOf } from './support';
import { rows, type Upload, UploadClient } from './upload-client';

let client: UploadClient;
let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  client = await UploadClient.start();
  ({ gateway, key } = client);
});
afterAll(() => gateway.stop());

it('issues a file of bills and tells the number of each line', async () => {
  const taken = await client.upload(csvOf(rows('A', 1_500)), 'all');
  expect(taken.json).toMatchObject({ state: 'checking', rows: 1_500, issuedRows: 0 });
  const done = await client.over(taken);
  expect(done).toMatchObject({
    state: 'done',
    checkedRows: 1_500,
    issuedRows: 1_500,
    refusedRows: 0,
  });
  const lines = await client.report(done);
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
  const done = await client.over(
    await client.upload(
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
  const told = (await client.report(done)).map((each) => [
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
  const [, same] = await client.report(done);
  expect(same?.['control_number']).toBe(existing.controlNumber);
});

it('issues nothing where all are wanted and one is bad', async () => {
  const file = rows('C', 1_200);
  file[1_100] = rowOf('C1100', { currency: 'KES' });
  const done = await client.over(await client.upload(csvOf(file), 'all'));
  expect(done).toMatchObject({
    state: 'refused',
    checkedRows: 1_200,
    issuedRows: 0,
    refusedRows: 1,
  });
  expect(await client.bills('C')).toBe(0);
  const lines = await client.report(done);
  expect(lines[1_100]).toMatchObject({
    line: '1102',
    result: 'refused',
    error_code: 'bill.currency-unknown',
  });
  expect(lines[0]).toMatchObject({ result: 'not-issued', error: 'other lines are at fault' });

  // The same file for the good rows alone is another upload.
  const good = await client.over(await client.upload(csvOf(file), 'good'));
  expect(good).toMatchObject({ state: 'done', issuedRows: 1_199, refusedRows: 1 });
  expect(await client.bills('C')).toBe(1_199);
});

it('issues nothing where all are wanted and the numbers do not suffice', async () => {
  const { rows: before } = await gateway.db.query<{ id: number; next_serial: string }>(
    `select r.id, next_serial::text from control_number_range r join party p on p.id = r.party_id where code = 'SP70101'`,
  );
  await gateway.db.query(
    `update control_number_range set next_serial = capacity - 2 where id = $1`,
    [before[0]?.id],
  );
  const done = await client.over(await client.upload(csvOf(rows('N', 5)), 'all'));
  expect(done).toMatchObject({ state: 'refused', issuedRows: 0, refusedRows: 3 });
  expect((await client.report(done)).map((each) => each['error_code'])).toEqual([
    '',
    '',
    ...Array.from({ length: 3 }, () => 'bill.numbers-exhausted'),
  ]);
  expect(await client.bills('N')).toBe(0);
  await gateway.db.query(`update control_number_range set next_serial = $2 where id = $1`, [
    before[0]?.id,
    before[0]?.next_serial,
  ]);
});

it('uses numbers again, each once', async () => {
  const [number] = (
    await client.report(await client.over(await client.upload(csvOf([rowOf('D1')]))))
  ).map((each) => each['control_number'] ?? '');
  await ask(gateway.url, '/v1/bills/D1/cancellation', {
    method: 'POST',
    key,
    body: { reason: 'x' },
  });
  const again = [
    rowOf('D2', { control_number: number ?? '' }),
    rowOf('D3', { control_number: number ?? '' }),
  ];
  const lines = await client.report(await client.over(await client.upload(csvOf(again))));
  expect(lines).toMatchObject([
    { result: 'issued', control_number: number },
    { result: 'refused', error: 'control_number: line 2 has this number already' },
  ]);
});

it("is nobody else's to see", async () => {
  const { json } = await ask(gateway.url, '/v1/bill-uploads?limit=1', { key });
  const [mine] = (json as { data: Upload[] }).data;
  for (const path of [mine?.uploadId ?? '', `${mine?.uploadId ?? ''}/report.csv`]) {
    const reply = await ask(gateway.url, `/v1/bill-uploads/${path}`, { key: client.otherKey });
    expect(refusal(reply)).toEqual([404, 'upload.unknown']);
  }
  const list = await ask(gateway.url, '/v1/bill-uploads', { key: client.otherKey });
  expect(list.json).toEqual({ data: [], next: null });
});

it('goes on where it was after the end of the process in the middle of a set', async () => {
  const count = 4_000;
  const taken = await client.upload(csvOf(rows('K', count)));
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

  const before = await client.read(uploadId);
  expect(before.state).toBe('issuing');
  expect(await client.over(taken)).toMatchObject({
    state: 'done',
    issuedRows: count,
    refusedRows: 0,
  });
  expect(await client.bills('K')).toBe(count);
  const lines = await client.report(before);
  expect(lines.every(({ result }) => result === 'issued')).toBe(true);
  expect(new Set(lines.map((each) => each['control_number'])).size).toBe(count);
}, 60_000);
