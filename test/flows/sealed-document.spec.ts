/** The sealed record of a closed day, printed in both languages: what it says is the record, to the last cent. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { INestApplicationContext } from '@nestjs/common';
import { registerClosingCommands } from '../../src/cli/closing.commands';
import type * as RunCommand from '../../src/cli/run-command';
import { CloseDay } from '../../src/closing/close-day';
import { type SealedDay, VerifyDay } from '../../src/closing/verify-day';
import { parseBusinessDay } from '../../src/kernel/business-day';
import { formatInstant, formatMoney, type Language } from '../../src/platform/locale/locale';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { ExportSealedDay } from '../../src/reports/export-sealed-day';
import { Visitor } from '../console/support';
import { SealAudit } from '../../src/platform/audit/seal-audit';
import { Books, draft } from '../support/bills';
import { runCommand } from '../support/command';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';
import { hasPdfReader, readPdf } from '../support/pdf';

const day = parseBusinessDay('2026-11-24');
const asker = 'amina.officer';
const decider = 'baraka.approver';
const folder = mkdtempSync(join(tmpdir(), 'malipo-document-'));
let gateway: TestGateway;
let books: Books;
let sealed: SealedDay;
let password = '';

const auditor = () => Visitor.signedIn(gateway.url, gateway.app, 'auditor', password);

/** The gateway of this spec in place of one that the command opens for itself. */
jest.mock('../../src/cli/run-command', () => ({
  ...jest.requireActual<typeof RunCommand>('../../src/cli/run-command'),
  withApp: (work: (app: INestApplicationContext) => Promise<void>) => work(gateway.app),
}));

async function documentOf(language: Language): Promise<Buffer> {
  const out = new PassThrough();
  const request = { day, language, askedBy: 'chausiku' };
  const [bytes] = await Promise.all([
    buffer(out),
    books.use(ExportSealedDay).execute(request, out),
  ]);
  return bytes;
}

const minor = (amount: string) => BigInt(amount.replace('.', ''));

/** Each line of the document without its blanks. */
const linesOf = (bytes: Buffer) =>
  readPdf(bytes)
    .split('\n')
    .map((text) => text.replace(/\s+/g, ''))
    .filter((text) => text !== '');

/** What must stand on one line each. */
function rowsOf({ totals, inTransit, openItems, trialBalance }: SealedDay): readonly string[] {
  const money = (amount: string) => formatMoney(minor(amount));
  return [
    ...Object.entries(totals).flatMap(([by, rows]) =>
      rows.map(({ key, count = '', currency, amount }) =>
        [key, count, by === 'byCurrency' ? '' : currency, money(amount)].join(''),
      ),
    ),
    ...[...inTransit, ...openItems].map(
      (row) => `${row.account}${row.currency}${money(row.amount)}`,
    ),
    ...trialBalance.map(
      (row) => `${row.account}${row.currency}${money(row.debit)}${money(row.credit)}`,
    ),
  ];
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  books = new Books(gateway);
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  await gateway.party('PSP703', { policy: 'irrevocable' });
  await makeOfficer(gateway.app, asker, 'treasury-officer');
  await makeOfficer(gateway.app, decider, 'treasury-approver');
  const number = await books.numberOf(
    'SP70101',
    draft('D-1', { systemId: 'THOSP001', amount: '1234567.89', paymentOption: '2' }),
  );
  expect(await books.pay('PSP701', 'T-1', number, '1234567.89')).toBe('taken');
  expect(await books.pay('PSP703', 'T-2', '997011234567', '70.00')).toBe('taken');
  await gateway.setClock('2026-11-25T08:00:00Z');
  for (const [pspCode, id, paidFor, amount] of [
    ['PSP701', 'T-1', number, '1234567.89'],
    ['PSP703', 'T-2', '997011234567', '70.00'],
  ] as const)
    await books.use(ImportStatement).execute({
      pspCode,
      day,
      fileName: 'day.csv',
      open: () =>
        Readable.from([
          Buffer.from(
            `transaction_id,control_number,amount,currency,paid_at\n${id},${paidFor},${amount},TZS,2026-11-24T10:00:00\n`,
          ),
        ]),
      importedBy: 'test',
      isDryRun: false,
    });
  await books.use(RunReconciliation).execute(day);
  password = await makeOfficer(gateway.app, 'auditor', 'auditor');
  // The record names the head of the audit chain, which the timed work would make within a second.
  await books.use(SealAudit).execute();
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await gateway.stop({ unsigned: true });
});

const command = (file: string, ...words: readonly string[]) =>
  runCommand(registerClosingCommands, 'close-day', '--day', day, '--pdf', file, ...words);

it('there is none of a day that is not closed', async () => {
  await expect(documentOf('en')).rejects.toMatchObject({ code: 'day.not-closed' });
  expect((await (await auditor()).get(`/console/closing/${day}/pdf`)).status).toBe(404);
  await expect(command(join(folder, 'none.pdf'))).rejects.toThrow('day.not-closed');
  expect(readdirSync(folder)).toEqual([]);
  expect(await gateway.count('audit_event', `action = 'day.exported'`)).toBe(0);
});

it('is made in both languages of what was sealed, and who took it is written down', async () => {
  await books.use(CloseDay).propose(day, asker);
  await gateway.setClock('2026-11-25T09:30:00Z');
  await books.use(CloseDay).approve(day, decider);
  const found = await books.use(VerifyDay).sealed(day);
  if (found === undefined) throw new Error('the day is closed');
  sealed = found;
  expect(sealed.openItems).toMatchObject([{ amount: '70.00' }]);
  for (const language of ['en', 'sw'] as const) {
    const bytes = await documentOf(language);
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  }
  const detail = `detail ->> 'seal' = '${sealed.sealHash}' and actor = 'chausiku'`;
  expect(await gateway.count('audit_event', `action = 'day.exported' and ${detail}`)).toBe(2);
});

const ifRead = hasPdfReader ? it.each : it.skip.each;

ifRead(['en', 'sw'] as const)('says in "%s" exactly what was sealed', async (language) => {
  const lines = linesOf(await documentOf(language));
  const text = lines.join('\n');
  const signed = (name: string, at: Date | null) =>
    `${name}, ${formatInstant(at ?? sealed.sealedAt, language)}`.replace(/\s+/g, '');
  expect(sealed.proposedAt?.getTime()).toBeLessThan(sealed.sealedAt.getTime());
  for (const part of [
    sealed.digest,
    sealed.sealHash,
    sealed.previous,
    sealed.auditHead?.hash ?? 'no head',
    signed(asker, sealed.proposedAt),
    signed(decider, sealed.sealedAt),
  ])
    expect(text).toContain(part);
  expect(lines).toEqual(expect.arrayContaining([...rowsOf(sealed)]));
  // Nothing else has an amount: what is printed is the record, and no more.
  const amounts = lines.filter((each) => /\d\.\d\d$/.test(each));
  expect([...amounts].sort()).toEqual([...rowsOf(sealed)].sort());
});

it('is taken from the page of the closed day', async () => {
  const visitor = await auditor();
  const page = await visitor.get(`/console/closing/${day}`);
  expect(page.text).toContain(`href="/console/closing/${day}/pdf"`);
  expect(page.text).toContain(sealed.auditHead?.hash ?? 'no head');
  const file = await visitor.get(`/console/closing/${day}/pdf`);
  expect(file.status).toBe(200);
  expect(file.headers.get('content-type')).toBe('application/pdf');
  expect(file.headers.get('content-disposition')).toBe(`attachment; filename="day-${day}.pdf"`);
  expect(file.text.startsWith('%PDF-')).toBe(true);
});

it('is made by a command', async () => {
  const file = join(folder, 'day.pdf');
  expect(await command(file, '--language', 'sw')).toBe(`${file}: the sealed record of ${day}\n`);
  expect(readdirSync(folder)).toEqual(['day.pdf']);
  const bytes = readFileSync(file);
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  if (hasPdfReader) expect(readPdf(bytes)).toContain('Kumbukumbu iliyofungwa ya 24 Novemba 2026');
});
