/** A PSP's day statement as a file: mapped columns, control totals, revisions, and nothing of a file with a fault. */
import { Readable } from 'node:stream';
import { type ImportOutcome, ImportStatement } from '../../src/reconciliation/import-statement';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { TestGateway } from '../support/gateway';

let gateway: TestGateway;
const day = parseBusinessDay('2026-11-24');

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.party('PSP701');
  await gateway.party('PSP702');
});
afterAll(() => gateway.stop());

function imported(text: string | Buffer, pspCode = 'PSP701'): Promise<ImportOutcome> {
  return gateway.app.get(ImportStatement, { strict: false }).execute({
    pspCode,
    day,
    fileName: 'day.csv',
    open: () => Readable.from([Buffer.from(text as string)]),
    importedBy: 'test',
    isDryRun: false,
  });
}

const header = 'transaction_id,control_number,amount,currency,paid_at,psp\n';
const line = (id: string, amount = '500.00') =>
  `${id},991234567890,${amount},TZS,2026-11-24T10:00:00,PSP701\n`;

it('takes A, B, and A again as three revisions, and A twice in a row as one', async () => {
  const [a, b] = [header + line('A'), header + line('B')];
  expect(await imported(a)).toMatchObject({ kind: 'imported', revision: 1, lineCount: 1 });
  expect(await imported(a)).toMatchObject({ kind: 'already-imported' });
  expect(await imported(b)).toMatchObject({ kind: 'imported', revision: 2 });
  expect(await imported(a)).toMatchObject({
    kind: 'imported',
    revision: 3,
    totals: [{ currency: 'TZS', lineCount: 1, amountMinor: 50_000n }],
  });
  expect(await gateway.count('statement', 'is_live')).toBe(1);
  expect(await gateway.count('statement_line')).toBe(3);
});

it.each<[string, string, object]>([
  [
    'a line of another PSP',
    header + line('A').replace('PSP701', 'PSP702'),
    { line: 2, column: 'psp', reason: 'a line of PSP702, in a statement of PSP701' },
  ],
  [
    'another day',
    header + line('A').replace('11-24', '11-20'),
    {
      line: 2,
      column: 'paid_at',
      reason:
        'no line is of 2026-11-24 or its neighbours, the first is of 2026-11-20: the statement of another day',
    },
  ],
  [
    'another count',
    `${header + line('A')}TOTAL,2,500.00,TZS,,\n`,
    { line: 3, column: 'TOTAL', reason: 'you say 2 lines, the file holds 1' },
  ],
  [
    'another sum',
    `${header + line('A')}TOTAL,1,500.01,TZS,,\n`,
    { line: 3, reason: 'you say 500.01 TZS, the file holds 500.00' },
  ],
  [
    'a line after the totals',
    `${header + line('A')}TOTAL,1,500.00,TZS,,\n${line('B')}`,
    { line: 4, reason: 'a line after the totals' },
  ],
  [
    'totals that are none',
    `${header + line('A')}TOTAL,one,500.00,TZS,,\n`,
    { line: 3, reason: expect.stringContaining('wanted TOTAL') as string },
  ],
  ['a missing column', 'transaction_id\nA\n', { line: 1, column: 'control_number' }],
  [
    'a zip',
    'PK\x03\x04\0\0',
    { line: 1, reason: expect.stringMatching(/^a zip or xlsx file/) as string },
  ],
])('refuses %s, and keeps nothing', async (_what, text, fault) => {
  const before = await gateway.count('statement_line');
  const outcome = await imported(text);
  expect(outcome).toMatchObject({ kind: 'faulty' });
  expect(outcome.kind === 'faulty' && outcome.faults).toContainEqual(
    expect.objectContaining(fault),
  );
  expect(await gateway.count('statement_line')).toBe(before);
});

it('counts every fault and shows a hundred', async () => {
  const lines = Array.from({ length: 250 }, (_each, i) => line(`L${String(i)}`, 'x'));
  const outcome = await imported(header + lines.join(''));
  if (outcome.kind !== 'faulty') throw new Error('a file with faults');
  expect(outcome.faultCount).toBe(250);
  expect(outcome.faults).toHaveLength(100);
});

it('takes control totals that fit, and the columns of a mapping', async () => {
  await gateway.db.query(
    `update payment_service_provider set statement_mapping = $1 where party_id = (select id from party where code = 'PSP702')`,
    [
      JSON.stringify({
        columns: {
          transaction_id: 'Kumbukumbu',
          control_number: 'Namba',
          amount: 'Kiasi',
          paid_at: 'Tarehe',
        },
        delimiter: ';',
        decimalComma: true,
        dateFormat: 'dd/MM/yyyy HH:mm',
        currency: 'TZS',
        skipLines: 1,
        charset: 'windows-1252',
      }),
    ],
  );
  const file =
    'Taarifa ya siku\nKumbukumbu;Namba;Kiasi;Tarehe\nA;991234567890;1.500,50;24/11/2026 10:00\nTOTAL;1;1.500,50;\n';
  expect(await imported(Buffer.from(file, 'latin1'), 'PSP702')).toMatchObject({
    kind: 'imported',
    totals: [{ currency: 'TZS', amountMinor: 150_050n }],
  });
  await gateway.db.query(
    `update payment_service_provider set statement_mapping = '{"colums": 1}'
      where party_id = (select id from party where code = 'PSP702')`,
  );
  await expect(imported(file, 'PSP702')).rejects.toThrow(/statement\.mapping-bad/);
});
