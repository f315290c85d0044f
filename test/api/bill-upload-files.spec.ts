/** Which files of bills are taken: the same one once, each way of writing CSV, and what is refused with its line. */
import type { TestGateway } from '../support/gateway';
import { ask, csvOf, type ProblemReply, refusal, rowOf } from './support';
import { rows, type Upload, UploadClient } from './upload-client';

let client: UploadClient;
let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  client = await UploadClient.start();
  ({ gateway, key } = client);
});
afterAll(() => gateway.stop());

describe('the same file', () => {
  it('is the same upload, whatever the Idempotency-Key; another file with a used key is refused', async () => {
    const file = csvOf(rows('E', 3));
    const first = await client.upload(file, 'good', { 'idempotency-key': 'upload-1' });
    const done = await client.over(first);
    const repeated = await client.upload(file, 'good', { 'idempotency-key': 'upload-1' });
    expect([repeated.text, repeated.headers.get('idempotency-replayed')]).toEqual([
      first.text,
      'true',
    ]);
    const other = await client.upload(file, 'good');
    expect(other.json).toMatchObject({ uploadId: done.uploadId, state: 'done', issuedRows: 3 });
    expect(
      refusal(await client.upload(csvOf(rows('E', 4)), 'good', { 'idempotency-key': 'upload-1' })),
    ).toEqual([422, 'idempotency.body-different']);
    expect(await client.bills('E')).toBe(3);
  });

  it('from two clients at once is one upload', async () => {
    const file = csvOf(rows('F', 1_500));
    const both = await Promise.all([client.upload(file), client.upload(file)]);
    expect(new Set(both.map(({ json }) => (json as Upload).uploadId)).size).toBe(1);
    expect(await client.over(both[0])).toMatchObject({ issuedRows: 1_500 });
    expect(await client.bills('F')).toBe(1_500);
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
    expect(await client.over(await client.upload(file))).toMatchObject({
      state: 'done',
      issuedRows: 1,
    });
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
      const reply = await client.upload(file);
      expect(refusal(reply).slice(0, 3)).toEqual([422, 'upload.refused', place]);
      expect((reply.json as ProblemReply).detail).toMatch(detail);
      expect(await gateway.count('bill_upload')).toBe(before);
      expect(await gateway.count('bill_upload_row')).toBe(stored);
    },
    120_000,
  );

  it('that is too large is refused with an answer', async () => {
    const reply = await client.upload(Buffer.alloc(64 * 1_048_576 + 1, 'x'));
    expect(refusal(reply)).toEqual([413, 'upload.too-large']);
  });

  it('comes as text/csv, to this resource alone, with a choice', async () => {
    const json = await client.upload('{}', 'good', { 'content-type': 'application/json' });
    expect(refusal(json)).toEqual([415, 'upload.not-csv']);
    const elsewhere = await ask(gateway.url, '/v1/bills', {
      method: 'POST',
      key,
      body: head,
      headers: { 'content-type': 'text/csv' },
    });
    expect(refusal(elsewhere)).toEqual([415, 'http.415']);
    expect(refusal(await client.upload(head, 'some'))).toEqual([400, 'request.invalid', '?accept']);
  });
});
