/**
 * Whatever is wrong with a file of a PSP or of a bank, its report names the file, the line and the field in one sentence, and
 * nothing of it is imported. All of them are laid down at once, and good ones between them: those are taken.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManageBankMappings } from '../../src/settlement/manage-bank-mappings';
import { TakeInbox } from '../../src/settlement/take-inbox';
import { camt, story } from '../statements/camt-samples';
import { TestGateway } from '../support/gateway';

const account = '0170100000011';
let gateway: TestGateway;
let psp: string;
let bank: string;

const header = 'transaction_id,control_number,amount,currency,paid_at,psp\n';
const line = (id: string, amount = '500.00') =>
  `${id},991234567890,${amount},TZS,2026-11-24T10:00:00,PSP701\n`;
const long = Buffer.alloc(20_000_000, 'x');
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const zip = Buffer.from('PK\x03\x04\x14\0\0\0\x08\0');

const badOfPsp: Readonly<Record<string, readonly [string | Buffer, RegExp]>> = {
  'wrong-count.csv': [
    `${header + line('A')}TOTAL,2,500.00,TZS,,\n`,
    /line 3, TOTAL: you say 2 lines, the file holds 1/,
  ],
  'wrong-sum.csv': [
    `${header + line('A')}TOTAL,1,500.01,TZS,,\n`,
    /line 3, TOTAL: you say 500\.01 TZS, the file holds 500\.00/,
  ],
  'wrong-psp.csv': [
    header + line('A').replace('PSP701', 'PSP702'),
    /line 2, psp: a line of PSP702, in a statement of PSP701/,
  ],
  'wrong-day-2026-11-20.csv': [
    header + line('A'),
    /line 2, paid_at: no line is of 2026-11-20 or its neighbours, the first is of 2026-11-24/,
  ],
  'long-line-20261124.csv': [
    Buffer.concat([Buffer.from(header + line('A')), long]),
    /line 3: longer than 8192 characters/,
  ],
  'long-cell-20261124.csv': [
    Buffer.concat([Buffer.from(header), long, Buffer.from('\n')]),
    /line 2: (?:longer than|not a CSV line)/,
  ],
  'latin-1.csv': [latin1(header + line('A') + line('J\u00fcrgen')), /line 3: not UTF-8 text/],
  'two-signs.csv': [header + line('A', '"500,00"'), /line 2, amount: wanted an amount like 1500/],
  'formula.csv': [
    header + line('A', '"=SUM(C1:C9)"'),
    /line 2, amount: wanted an amount like 1500/,
  ],
  'below-zero.csv': [header + line('A', '-500.00'), /line 2, amount: wanted an amount/],
  'no-column.csv': [
    'transaction_id,amount\nA,5\n',
    /line 1, control_number: the column is missing/,
  ],
  'cut-20261124.csv': [
    (header + line('A') + line('B')).slice(0, -30),
    /line 3: \d cells, where the header has 6/,
  ],
  'zip-20261124.csv': [
    zip,
    /line 1: a zip or xlsx file; unpack it, or save it as text; wanted CSV/,
  ],
  'gzip-20261124.csv': [Buffer.from([0x1f, 0x8b, 8, 0, 10]), /line 1: a gzip file/],
  'pdf-20261124.csv': ['%PDF-1.7\n1 0 obj\n', /line 1: a PDF file/],
  'xml-20261124.csv': ['<?xml version="1.0"?>\n<a/>\n', /line 1: XML; wanted CSV/],
};

const goodOfPsp: Readonly<Record<string, string>> = {
  'mark-and-semicolons.csv': `\ufeff${header}${line('G1')}`.replaceAll(',', ';'),
  'formula-as-id-2026-11-23.csv': (header + line('=1+1')).replace('11-24', '11-23'),
};

const xml = camt('053', 8, { entries: story(8) }).replaceAll('0150123456', account);
const mt940 = `:20:S\n:25:${account}\n:28C:1\n:60F:C261123TZS1000,\n:61:261124C500,NTRFA\n:62F:C261124TZS1600,\n`;
const bankHeader = 'booking_date,amount,reference,balance,account\n';

const badOfBank: Readonly<Record<string, readonly [string | Buffer, RegExp]>> = {
  'unbalanced.xml': [
    camt('053', 8, { closing: 1n, entries: story(8) }),
    /line \d+, CLBD: the statement does not balance/,
  ],
  'cut.xml': [xml.slice(0, 900), /line \d+.*: not well-formed XML/],
  'latin-1.xml': [
    latin1(xml.replace('>M1<', '>J\u00fcrgen<').replace('Sweep', 'J\u00fcrgen')),
    /line \d+, encoding: not utf-8 text/i,
  ],
  'zip.xml': [zip, /a zip or xlsx file/],
  'pdf.xml': ['%PDF-1.7\n', /a PDF file; wanted camt\.053/],
  'unbalanced.sta': [
    mt940,
    /line 6, 62F: the statement does not balance: opening 1000\.00 and entries 500\.00 make 1500\.00 TZS/,
  ],
  'long-line.sta': [Buffer.concat([Buffer.from(mt940), long]), /line 7: longer than 65536 bytes/],
  'other-account.sta': [
    mt940.replaceAll(account, '0999').replace('1600', '1500'),
    /line 1: the statement is of account 0999/,
  ],
  'unbalanced.csv': [
    `${bankHeader}2026-11-24,5.00,R1,5.00,\n2026-11-24,5.00,R2,11.00,\n`,
    /line 3, balance: the statement does not balance/,
  ],
  'other-account.csv': [
    `${bankHeader}2026-11-24,5.00,R1,5.00,0999\n`,
    /line 2, account: a line of account 0999/,
  ],
  'formula.csv': [`${bankHeader}2026-11-24,=5,R1,5.00,\n`, /line 2, amount: "=5" is no amount/],
  'long-line.csv': [Buffer.concat([Buffer.from(bankHeader), long]), /line 2: longer than/],
  'gzip.csv': [Buffer.from([0x1f, 0x8b, 8, 0, 10]), /a gzip file/],
};

beforeAll(async () => {
  gateway = await TestGateway.start(undefined, { isIdle: true });
  await gateway.setClock('2026-11-26T08:00:00Z');
  for (const code of ['SP70101', 'PSP701']) await gateway.party(code);
  await gateway.app
    .get(ManageBankMappings, { strict: false })
    .set(account, { currency: 'TZS' }, 'test');
  psp = join(gateway.dataDir, 'inbox', 'PSP701');
  bank = join(gateway.dataDir, 'inbox', 'bank', account);
  for (const folder of [psp, bank]) mkdirSync(folder, { recursive: true });
  for (const [name, [bytes]] of Object.entries(badOfPsp)) writeFileSync(join(psp, name), bytes);
  for (const [name, text] of Object.entries(goodOfPsp)) writeFileSync(join(psp, name), text);
  for (const [name, [bytes]] of Object.entries(badOfBank)) writeFileSync(join(bank, name), bytes);
  writeFileSync(join(bank, 'good.sta'), mt940.replace('1600', '1500'));
  const inbox = gateway.app.get(TakeInbox, { strict: false });
  await inbox.execute();
  await inbox.execute();
});

afterAll(() => gateway.stop());

const reportOf = (folder: string, name: string) =>
  readFileSync(join(folder, 'failed', `${name}.report.txt`), 'utf8');

it.each(Object.entries(badOfPsp))('a day statement: %s', (name, [, sentence]) => {
  expect(reportOf(psp, name)).toMatch(sentence);
  expect(reportOf(psp, name)).toContain(`file: ${name}\nNothing was imported`);
});

it.each(Object.entries(badOfBank))("a bank's statement: %s", (name, [, sentence]) => {
  expect(reportOf(bank, name)).toMatch(sentence);
  expect(reportOf(bank, name)).toContain(`file: ${name}\nNothing was imported`);
});

it('nothing of them was imported, and the good ones beside them were', async () => {
  expect(await gateway.count('statement')).toBe(Object.keys(goodOfPsp).length);
  expect(await gateway.count('statement_line')).toBe(Object.keys(goodOfPsp).length);
  expect(await gateway.count('bank_statement')).toBe(1);
  expect(await gateway.count('bank_entry')).toBe(1);
  const bad = Object.keys(badOfPsp).length + Object.keys(badOfBank).length;
  expect(await gateway.count('alarm', `kind = 'inbox-failed'`)).toBe(bad);
});
