/** `import-statement --account --dry-run`: any account in any currency, sums with the currency's own decimals, exit 1 for faults. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerStatementCommand } from '../../src/cli/statements.commands';
import type { BankFilePreview } from '../../src/reconciliation/preview-bank-file';
import { runCommand } from '../support/command';
import { camt, story } from './camt-samples';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'statements-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  process.exitCode = undefined;
});

async function check(text: string, ...more: readonly string[]): Promise<string> {
  const file = join(folder, 'statement.txt');
  writeFileSync(file, text);
  const words = [
    'import-statement',
    '--account',
    '0150123456',
    '--file',
    file,
    '--dry-run',
    ...more,
  ];
  return runCommand(registerStatementCommand, ...words);
}

const yen = `:20:S
:25:JPNBANK/77
:28C:1
:60F:C261123JPY1000,
:61:261124C500,NTRFA
:62F:C261124JPY1500,
`;

it('prints statements, entries and sums', async () => {
  const preview = JSON.parse(await check(yen, '--json')) as BankFilePreview;
  expect(preview).toMatchObject({
    outcome: 'good',
    format: 'mt940',
    statementCount: 1,
    sums: [{ currency: 'JPY', creditCount: 1, creditSum: '500', debitSum: '0', netSum: '500' }],
    statements: [
      {
        openingBalance: { amount: '1000' },
        closingBalance: { amount: '1500' },
        entries: [{ amount: '500' }],
      },
    ],
    notes: [{ reason: 'the statement is of account JPNBANK/77, not 0150123456' }],
  });
  expect(process.exitCode ?? 0).toBe(0);
  const text = await check(camt('053', 8, { entries: story(8) }));
  expect(text).toMatch(/statement\.txt is good: camt\.053\.001\.08, 1 statements, 4 entries/);
  expect(text).toMatch(/0150123456 +51 +TZS +1000\.00 +2 = 765\.00 +1 = 15\.00 +1750\.00/);
});

it('says what is wrong and where, and exits 1', async () => {
  const text = await check(camt('053', 8, { closing: 1n, entries: story(8) }));
  expect(text).toMatch(/nothing was imported: a fault/);
  expect(text).toMatch(/CLBD +the statement does not balance/);
  expect(process.exitCode).toBe(1);
  expect(JSON.parse(await check('', '--json'))).toMatchObject({
    outcome: 'faulty',
    statements: [],
    faults: [{ line: 0, reason: 'the file is empty' }],
  });
});

it('tries the mapping of a CSV that is not set yet', async () => {
  const mapping = join(folder, 'mapping.json');
  const csv = 'booking_date,amount,balance\n2026-11-24,500,1500\n';
  writeFileSync(mapping, '{"currency": "TZS"}');
  expect(JSON.parse(await check(csv, '--mapping', mapping, '--json'))).toMatchObject({
    outcome: 'good',
    format: 'csv',
    statements: [{ openingBalance: { amount: '1000.00' }, closingBalance: { amount: '1500.00' } }],
  });
  writeFileSync(mapping, 'currency: TZS');
  await expect(check(csv, '--mapping', mapping)).rejects.toThrow(/statement.mapping-bad.*not JSON/);
  await expect(
    runCommand(
      registerStatementCommand,
      ...['import-statement', '--account', '1', '--file', mapping, '--mapping', mapping],
    ),
  ).rejects.toMatchObject({ code: 'statement.mapping-unset' });
});

it('refuses what it cannot do in one sentence', async () => {
  const run = (...words: readonly string[]) =>
    runCommand(registerStatementCommand, 'import-statement', ...words);
  await expect(run('--file', 'x')).rejects.toMatchObject({ code: 'statement.whose' });
  await expect(run('--account', '1', '--file', join(folder, 'none'), '--dry-run')).rejects.toThrow(
    /cannot read/,
  );
});
