/** An institution that moves here with its numbers: they are paid on, used again and never issued twice. */
import { FindPayableBill } from '../../src/bills/find-payable-bill';
import { type ImportCommand, ImportNumbers } from '../../src/bills/import-numbers';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';

const sp = 'SP70101';
const header =
  'control_number,bill_id,amount,currency,payment_option,expires_at,generated_at,payer_name,payer_phone,description,sub_sp_code,gfs_code';
const row = (number: string, billId: string, amount = '1000.00') =>
  `${number},${billId},${amount},TZS,3,2027-06-30T23:59:59,2026-10-01T08:00:00,Neema Mollel,255700000001,Ada,1001,142202`;
const open = '993330000010';
const bare = '993330000020';
const lines = [row(open, 'OLD-1'), bare + ','.repeat(11)];

let gateway: TestGateway;
let books: Books;

async function importNumbers(rows: readonly string[], more: Partial<ImportCommand> = {}) {
  return books.use(ImportNumbers).execute({
    spCode: sp,
    ...(rows.length === 0 ? {} : { file: Buffer.from([header, ...rows, ''].join('\n')) }),
    importedBy: 'test',
    isDryRun: false,
    ...more,
  });
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party(sp, { systemIds: [] });
  await gateway.party('SP70202', { systemIds: [], subSpCodes: [], gfsCodes: [] });
  await gateway.party('PSP701');
  books = new Books(gateway);
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('checks without a trace, imports all, and the same again changes nothing', async () => {
  const counts = { numbers: 2, bills: 1, unchanged: 0, range: null };
  expect(await importNumbers(lines, { isDryRun: true })).toEqual({ kind: 'checked', ...counts });
  expect(await gateway.count('control_number')).toBe(0);
  expect(await importNumbers(lines)).toEqual({ kind: 'imported', ...counts });
  expect(await importNumbers(lines)).toEqual({
    kind: 'imported',
    numbers: 0,
    bills: 0,
    unchanged: 2,
    range: null,
  });
  expect(await gateway.count('bill')).toBe(1);
});

it('names every bad line and imports none', async () => {
  const issued = await books.numberOf(sp, draft('N-1'));
  const outcome = await importNumbers([
    row('993330000030', 'OLD-3'),
    row('12345', 'OLD-4'),
    row('993330000030', 'OLD-5'),
    row('997022000000', 'OLD-6'),
    row(issued, 'OLD-7'),
    row(open, 'OLD-1', '999.00'),
    row('993330000040', 'N-1'),
  ]);
  expect(
    outcome.kind === 'faulty' && outcome.faults.map(({ line, column }) => [line, column]),
  ).toEqual([
    [3, 'control_number'],
    [4, 'control_number'],
    [5, 'control_number'],
    [6, 'control_number'],
    [7, 'control_number'],
    [8, 'bill_id'],
  ]);
  expect(await gateway.count('control_number', `number = '993330000030'`)).toBe(0);
});

it('lets payers pay on a number without our check digit, and the institution use one again', async () => {
  const [due, empty] = await books.use(FindPayableBill).executeMany([open, bare]);
  expect(due).toMatchObject({ dueMinor: 100_000n });
  expect(empty).toEqual({ fault: 'control-number.unknown' });
  expect(await books.pay('PSP701', 'I-1', bare, '1000.00')).toBe('control-number.unknown');
  expect(await books.pay('PSP701', 'I-2', open, '1000.00')).toBe('taken');

  for (const [billId, reusedNumber] of [
    ['NEW-1', open],
    ['NEW-2', bare],
  ] as const) {
    const [answer] = await books.submit(sp, [draft(billId, { reusedNumber })]);
    expect(answer).toEqual({ billId, controlNumber: reusedNumber, faults: [] });
    expect(await books.pay('PSP701', `I-${billId}`, reusedNumber, '1000.00')).toBe('taken');
  }
});

it('takes a whole range, whose numbers the institution may use and we never issue', async () => {
  const span = { first: '997010000000', last: '997010999999' };
  await expect(importNumbers([], { span, spCode: 'SP70202' })).rejects.toThrow(
    'import.range-taken',
  );
  const old = { first: '998880000000', last: '998889999999' };
  expect(await importNumbers([], { span: old })).toMatchObject({ kind: 'imported', range: old });
  expect(await importNumbers([], { span: old })).toMatchObject({ kind: 'imported', range: old });
  expect(await gateway.count('imported_number_range')).toBe(1);
  await expect(
    importNumbers([], { span: { first: '998889999999', last: '998890000000' } }),
  ).rejects.toThrow('import.range-taken');

  const number = '998881234567';
  expect(await books.use(FindPayableBill).execute(number)).toEqual({
    fault: 'control-number.unknown',
  });
  const [others] = await books.submit('SP70202', [draft('X-1', { reusedNumber: number })]);
  expect(others?.faults).not.toEqual([]);
  const [own] = await books.submit(sp, [draft('X-2', { reusedNumber: number })]);
  expect(own).toEqual({ billId: 'X-2', controlNumber: number, faults: [] });
  expect(await books.pay('PSP701', 'X-T', number, '1000.00')).toBe('taken');
});

it('issues around imported numbers of the same prefix', async () => {
  const span = { first: '997022000000', last: '997022499999' };
  await importNumbers([], { spCode: 'SP70202', span });
  const answers = await books.submit(
    'SP70202',
    Array.from({ length: 50 }, (_, i) => draft(`Z-${String(i)}`)),
  );
  const numbers = answers.map((answer) => answer.controlNumber ?? '');
  expect(new Set(numbers).size).toBe(50);
  expect(numbers.filter((number) => number <= span.last)).toEqual([]);
});

it.each([
  ['import.party-unknown', { spCode: 'SP70999' }],
  ['import.range-malformed', { span: { first: '2', last: '1' } }],
])('refuses %s', async (code, more) => {
  await expect(importNumbers([bare], more)).rejects.toThrow(code);
});

it('refuses nothing to import and a file without end', async () => {
  await expect(importNumbers([])).rejects.toThrow('import.empty');
  const file = Buffer.alloc(200 * 1024 * 1024 + 1);
  await expect(importNumbers([], { file })).rejects.toThrow('import.file-large');
});
